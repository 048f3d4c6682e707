using System.Collections.Immutable;
using Mammo.Networks.Graphs;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Mammo.Torch;

/// <summary>Batch normalisation and dropout: the layers that act differently in training.</summary>
internal static class Normalization
{
    /// <summary>Batch normalisation with moving statistics.</summary>
    public static Tensor WithMovingStatistics(Tensor x, NormWeights weights, double epsilon) =>
        F.batch_norm(x, weights.Mean, weights.Variance, weights.Gamma, weights.Beta, training: false, eps: epsilon);

    /// <summary>
    /// Batch normalisation with the batch's own statistics, and Keras's update of the moving ones: moving = momentum · moving + (1 - momentum) · batch.
    /// </summary>
    /// <remarks>
    /// Torch leaves the batch's mean and its unbiased variance in what it takes for moving statistics when momentum is 1; Keras 2.0 mixes in the biased
    /// variance.
    /// </remarks>
    public static Tensor WithBatchStatistics(Tensor x, NormWeights weights, LayerKind.BatchNormalization norm, bool updates)
    {
        var count = x.numel() / x.shape[1];
        if (count == 1)
            return WithOneValue(x, weights, norm, updates);
        var (mean, variance) = (zeros_like(weights.Mean), zeros_like(weights.Variance));
        var y = F.batch_norm(x, mean, variance, weights.Gamma, weights.Beta, training: true, momentum: 1.0, eps: norm.Epsilon);
        if (updates)
            Mix(weights, mean, variance * Number.Of((count - 1.0) / count), norm.Momentum);
        return y;
    }

    /// <summary>(x - mean) / max(√variance, 1e-7), channel by channel.</summary>
    public static Tensor WithFixedStatistics(Tensor x, Tensor mean, Tensor variance)
    {
        var deviation = variance.sqrt().clamp_min(Number.Of(LayerKind.Normalization.SmallestDeviation));
        return ((x - OnChannels(mean, x)) / OnChannels(deviation, x)).to(x.dtype);
    }

    /// <summary>Layer normalisation over the channels of each position, with the biased variance.</summary>
    public static Tensor OverChannels(Tensor x, Tensor? gamma, Tensor? beta, double epsilon)
    {
        // In float32 at least, as batch norm's statistics are.
        var wide = x.dtype == ScalarType.Float64 ? x : x.to(ScalarType.Float32);
        var centred = wide - wide.mean([1], keepdim: true);
        var normal = centred / (centred * centred).mean([1], keepdim: true).add(Number.Of(epsilon), Number.Of(1)).sqrt();
        if (gamma is not null)
            normal = normal * OnChannels(gamma, x);
        return (beta is null ? normal : normal.add(OnChannels(beta, x), Number.Of(1))).to(x.dtype);
    }

    /// <summary>gamma·x, channel by channel.</summary>
    public static Tensor Scaled(Tensor x, Tensor gamma) => (x * OnChannels(gamma, x)).to(x.dtype);

    /// <summary>Scale·x + offset.</summary>
    public static Tensor Rescaled(Tensor x, LayerKind.Rescaling rescaling)
    {
        var scaled = rescaling.Scale is [var factor] ? x.mul(Number.Of(factor)) : x.mul(Given(rescaling.Scale));
        return rescaling.Offset is [var offset] ? scaled.add(Number.Of(offset), Number.Of(1)) : scaled.add(Given(rescaling.Offset), Number.Of(1));

        Tensor Given(ImmutableArray<double> numbers) => OnChannels(tensor([.. numbers]).to(x.dtype, x.device), x);
    }

    /// <summary>Keras's dropout: outside 0 &lt; rate &lt; 1 it does nothing.</summary>
    /// <param name="x">Values in the network's order.</param>
    /// <param name="rate">Share of values that become zero.</param>
    /// <param name="seed">Decides the mask, whatever the type of the values.</param>
    public static Tensor Dropout(Tensor x, double rate, ulong seed)
    {
        if (rate is <= 0 or >= 1)
            return x.alias();
        using var generator = new Generator(seed, x.device);
        // Drawn in Keras's order, which is the order in memory.
        var kept = empty(Layout.ToKeras(x).shape, ScalarType.Float32, x.device).bernoulli_(1 - rate, generator);
        var mask = Layout.ToNetwork(kept.to(x.dtype).div_(Number.Of(1 - rate)));
        return x * mask;
    }

    // Torch refuses a batch of one value per channel; its variance is 0 and its normalised value 0.
    private static Tensor WithOneValue(Tensor x, NormWeights weights, LayerKind.BatchNormalization norm, bool updates)
    {
        var mean = x.detach().flatten().to(weights.Mean.dtype);
        if (updates)
            Mix(weights, mean, zeros_like(mean), norm.Momentum);
        var centred = (x - x.mean([0], keepdim: true)) / Number.Of(Math.Sqrt(norm.Epsilon));
        if (weights.Gamma is { } gamma)
            centred *= OnChannels(gamma, x);
        return weights.Beta is { } beta ? centred.add(OnChannels(beta, x), Number.Of(1)) : centred;
    }

    /// <summary>A vector with a value per channel in a shape that meets the channels of (n, channels, ...).</summary>
    private static Tensor OnChannels(Tensor vector, Tensor x) => vector.reshape([.. Enumerable.Range(0, (int)x.dim()).Select(axis => axis == 1 ? -1L : 1L)]);

    private static void Mix(NormWeights weights, Tensor mean, Tensor variance, double momentum)
    {
        using var _ = no_grad();
        weights.Mean.mul_(Number.Of(momentum)).add_(mean, Number.Of(1 - momentum));
        weights.Variance.mul_(Number.Of(momentum)).add_(variance, Number.Of(1 - momentum));
    }
}

/// <summary>Weights of one batch normalisation, one value per channel.</summary>
/// <param name="Gamma">Scale; null when the layer has none.</param>
/// <param name="Beta">Shift; null when the layer has none.</param>
/// <param name="Mean">Moving mean.</param>
/// <param name="Variance">Moving variance.</param>
internal readonly record struct NormWeights(Tensor? Gamma, Tensor? Beta, Tensor Mean, Tensor Variance);
