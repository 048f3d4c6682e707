using TorchSharp;
using static TorchSharp.torch;

namespace Mammo.Torch.Training.Losses;

/// <summary>Keras 2.0.8's categorical cross-entropy on probabilities. Tensors come out in the type of the probabilities, which is float32 at least.</summary>
internal static class CrossEntropy
{
    // The constant passes through a float32 tensor in Keras, also in a float64 session.
    private const double Epsilon = 1e-7f;

    /// <summary>-Σ y·log p per sample, p renormalised to sum 1 and clipped to [1e-7, 1 - 1e-7].</summary>
    /// <param name="probabilities">(n, classes).</param>
    /// <param name="targets">(n, classes), each row summing to 1.</param>
    /// <returns>(n).</returns>
    public static Tensor PerSample(Tensor probabilities, Tensor targets)
    {
        using var scope = NewDisposeScope();
        var normalised = probabilities / probabilities.sum(-1, keepdim: true);
        return (targets * normalised.clamp(Number.Of(Epsilon), Number.Of(1 - Epsilon)).log()).sum(-1).neg().MoveToOuterDisposeScope();
    }

    /// <summary>Σ w·l over a batch; divided by the number of weights that are not 0 it is Keras's weighted loss.</summary>
    public static Tensor WeightedSum(Tensor perSample, ReadOnlySpan<double> weights)
    {
        using var scope = NewDisposeScope();
        var factors = tensor(weights.ToArray(), dtype: perSample.dtype, device: perSample.device).clone();
        return (perSample * factors).sum().MoveToOuterDisposeScope();
    }

    /// <summary>One-hot rows, with a share <paramref name="smoothing"/> of each spread evenly over all classes.</summary>
    public static Tensor Targets(ReadOnlySpan<int> labels, int classCount, double smoothing, ScalarType type, Device device)
    {
        var values = new double[labels.Length, classCount];
        for (var row = 0; row < labels.Length; row++)
        {
            for (var column = 0; column < classCount; column++)
                values[row, column] = (smoothing / classCount) + (labels[row] == column ? 1 - smoothing : 0);
        }

        return tensor(values, dtype: type, device: device).clone();
    }
}
