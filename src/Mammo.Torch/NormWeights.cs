using static TorchSharp.torch;

namespace Mammo.Torch;

/// <summary>Weights of one batch normalisation, one value per channel.</summary>
/// <param name="Gamma">Scale; null when the layer has none.</param>
/// <param name="Beta">Shift; null when the layer has none.</param>
/// <param name="Mean">Moving mean.</param>
/// <param name="Variance">Moving variance.</param>
internal readonly record struct NormWeights(Tensor? Gamma, Tensor? Beta, Tensor Mean, Tensor Variance);
