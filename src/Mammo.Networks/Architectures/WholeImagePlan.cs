using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>A whole-image network that was made of a patch network.</summary>
/// <param name="Graph">The network.</param>
/// <param name="Weights">What it keeps of the patch network's weights, under their new names, the arrays shared: the body's and the heatmap's. Empty if none were given.</param>
/// <param name="CutLayer">Last layer of the patch network that was kept.</param>
/// <param name="Notes">What a user should know about the conversion.</param>
public sealed record WholeImagePlan(LayerGraph Graph, IReadOnlyDictionary<string, Weight> Weights, string CutLayer, ImmutableArray<string> Notes);
