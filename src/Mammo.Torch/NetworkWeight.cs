using Mammo.Networks.Graphs;
using static TorchSharp.torch;

namespace Mammo.Torch;

/// <summary>A weight of a network on its device.</summary>
/// <param name="Plan">Its name and canonical shape.</param>
/// <param name="Value">The tensor that the network runs on: changing its values in place changes the network. Four-dimensional ones have the channels last in memory.</param>
internal sealed record NetworkWeight(WeightShape Plan, Tensor Value);
