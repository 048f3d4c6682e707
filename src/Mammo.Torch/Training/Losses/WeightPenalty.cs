using Mammo.Torch.Training.Optimizers;
using static TorchSharp.torch;

namespace Mammo.Torch.Training.Losses;

/// <summary>Keras's L2 penalty λ·ΣW², without ½, on the kernels that carry it.</summary>
internal static class WeightPenalty
{
    /// <summary>The penalty of all weights.</summary>
    public static double Of(IEnumerable<TrainedWeight> weights)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return weights.Where(weight => weight.WeightDecay != 0)
            .Sum(weight => weight.WeightDecay * (weight.Value * weight.Value).sum().to_type(ScalarType.Float64).item<double>());
    }

    /// <summary>Adds the penalty's gradient, 2·λ·W, to the gradients of the weights.</summary>
    public static void AddGradients(IEnumerable<TrainedWeight> weights)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var weight in weights.Where(weight => weight.WeightDecay != 0))
            weight.Value.grad?.add_(weight.Value, alpha: Number.Of(2 * weight.WeightDecay));
    }
}
