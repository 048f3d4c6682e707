using TorchSharp;

namespace Mammo.Torch.Training.Optimizers;

/// <summary>A weight that an optimiser changes.</summary>
/// <param name="Name">Path name, such as <c>block1_conv1/kernel</c>.</param>
/// <param name="Value">The leaf tensor; its gradient stands in <c>grad</c>.</param>
/// <param name="WeightDecay">λ of the penalty λ·ΣW² (no ½); 0 for weights without one.</param>
internal sealed record TrainedWeight(string Name, torch.Tensor Value, double WeightDecay);
