using System.Collections.Concurrent;
using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Scoring.Managed;

/// <summary>A network's weights in the forms in which steps take them, each made when a plan first asks for it and shared by all plans.</summary>
/// <param name="weights">Weights by path name, canonical layout.</param>
internal sealed unsafe class WeightStore<TLanes>(IReadOnlyDictionary<string, Weight> weights) : IDisposable
    where TLanes : struct, ILanes<TLanes>
{
    private const int BlockWidth = PackedWeights<TLanes>.BlockWidth;

    private readonly ConcurrentDictionary<(string Layer, string Form), IDisposable> _made = new();

    /// <summary>A kernel (out, in, rows, columns) or (units, in) as rows of outputs in the order row, column, channel; with biases.</summary>
    public ProductWeights<TLanes> Product(string layer, string kernelName = "kernel") => Made(layer, "product", () =>
    {
        var kernel = weights[$"{layer}/{kernelName}"];
        var (outputs, channels) = (kernel.Shape[0], kernel.Shape[1]);
        var taps = kernel.Values.Length / (outputs * channels);
        var packed = new PackedWeights<TLanes>(outputs, taps * channels, 1);
        Parallel.For(0, packed.Blocks, block =>
        {
            packed.Clear(block);
            for (var column = 0; column < packed.Used(block); column++)
            {
                var source = kernel.Values.AsSpan(((block * BlockWidth) + column) * channels * taps, channels * taps);
                for (var index = 0; index < source.Length; index++)
                    packed.Set(block, 0, column, ((index % taps) * channels) + (index / taps), source[index]);
            }
        });
        return new ProductWeights<TLanes>(packed, Bias(outputs, layer));
    });

    /// <summary>Two kernels of 1 × 1, the inputs of the second behind those of the first, for the sum of both; with the sums of their biases.</summary>
    public ProductWeights<TLanes> Joined((string Layer, string Kernel) first, (string Layer, string Kernel) second) =>
        Made(first.Layer, $"joined with {second.Layer}", () =>
        {
            Weight[] kernels = [weights[$"{first.Layer}/{first.Kernel}"], weights[$"{second.Layer}/{second.Kernel}"]];
            var outputs = kernels[0].Shape[0];
            var packed = new PackedWeights<TLanes>(outputs, kernels.Sum(kernel => kernel.Shape[1]), 1);
            Parallel.For(0, packed.Blocks, block =>
            {
                packed.Clear(block);
                for (var column = 0; column < packed.Used(block); column++)
                {
                    var row = 0;
                    foreach (var kernel in kernels)
                    {
                        foreach (var value in kernel.Values.AsSpan(((block * BlockWidth) + column) * kernel.Shape[1], kernel.Shape[1]))
                            packed.Set(block, 0, column, row++, value);
                    }
                }
            });
            return new ProductWeights<TLanes>(packed, Bias(outputs, first.Layer, second.Layer));
        });

    /// <summary>A kernel of 3 × 3, transformed; with biases.</summary>
    public ProductWeights<TLanes> Winograd<TWinograd>(string layer)
        where TWinograd : struct, IWinograd => Made(layer, typeof(TWinograd).Name, () =>
    {
        var kernel = weights[$"{layer}/kernel"];
        var (outputs, channels, planes) = (kernel.Shape[0], kernel.Shape[1], TWinograd.Size * TWinograd.Size);
        var packed = new PackedWeights<TLanes>(outputs, channels, planes);
        var order = KernelRounding.Order(TWinograd.Means);
        Parallel.For(0, packed.Blocks, block =>
        {
            packed.Clear(block);
            Span<double> transformed = stackalloc double[planes];
            Span<float> rounded = stackalloc float[planes];
            for (var channel = 0; channel < channels; channel++)
            {
                for (var column = 0; column < packed.Used(block); column++)
                {
                    TWinograd.Kernel(kernel.Values.AsSpan(((((block * BlockWidth) + column) * channels) + channel) * 9, 9), transformed);
                    KernelRounding.Round(transformed, TWinograd.Means, order, rounded);
                    for (var plane = 0; plane < planes; plane++)
                        packed.Set(block, plane, column, channel, rounded[plane]);
                }
            }
        });
        return new ProductWeights<TLanes>(packed, Bias(outputs, layer));
    });

    /// <summary>A depthwise kernel (channels, 1, rows, columns) as a row of channels for each tap.</summary>
    public NativeFloats Depthwise(string layer) => Made(layer, "depthwise", () =>
    {
        var kernel = weights[$"{layer}/depthwise_kernel"];
        var (channels, taps) = (kernel.Shape[0], kernel.Values.Length / kernel.Shape[0]);
        var rows = new NativeFloats(kernel.Values.Length, "weights");
        for (var index = 0; index < kernel.Values.Length; index++)
            rows.Pointer[((long)(index % taps) * channels) + (index / taps)] = kernel.Values[index];
        return rows;
    });

    /// <summary>A layer's biases, zeros where it has none.</summary>
    public NativeFloats Biases(string layer, int outputs) => Made(layer, "bias", () => Bias(outputs, layer));

    /// <summary>Zeros for layers without biases.</summary>
    public NativeFloats Zeros(int outputs) => Made("", FormattableString.Invariant($"zeros {outputs}"), () => Floats(outputs, _ => 0));

    /// <summary>True when a layer has weights of that name.</summary>
    public bool Has(string layer, string name) => weights.ContainsKey($"{layer}/{name}");

    /// <summary>Batch normalisation with fixed statistics as a factor and an offset for each channel, computed in float64.</summary>
    public (NativeFloats Factors, NativeFloats Offsets) Norm(string layer, LayerKind.BatchNormalization norm)
    {
        var (mean, variance) = (weights[$"{layer}/moving_mean"].Values, weights[$"{layer}/moving_variance"].Values);
        var (gamma, beta) = (weights.GetValueOrDefault($"{layer}/gamma")?.Values, weights.GetValueOrDefault($"{layer}/beta")?.Values);
        return (Made(layer, "factors", () => Floats(mean.Length, Factor)), Made(
            layer, "offsets", () => Floats(mean.Length, channel => (beta?[channel] ?? 0) - (mean[channel] * Factor(channel)))));

        double Factor(int channel) => (gamma?[channel] ?? 1) / Math.Sqrt(variance[channel] + norm.Epsilon);
    }

    /// <summary>Given numbers as a factor and an offset for each channel.</summary>
    public (NativeFloats Factors, NativeFloats Offsets) Rescaling(string layer, LayerKind.Rescaling rescaling, int channels)
    {
        return (Made(layer, "factors", () => Given(rescaling.Scale)), Made(layer, "offsets", () => Given(rescaling.Offset)));

        // One number is for all channels.
        NativeFloats Given(ImmutableArray<double> numbers) => Floats(channels, channel => numbers[numbers.Length == 1 ? 0 : channel]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var made in _made.Values)
            made.Dispose();
        _made.Clear();
    }

    private T Made<T>(string layer, string form, Func<T> make)
        where T : IDisposable => (T)_made.GetOrAdd((layer, form), _ => make());

    private NativeFloats Bias(int outputs, params string[] layers)
    {
        var biases = layers.Select(layer => weights.GetValueOrDefault($"{layer}/bias")?.Values).ToArray();
        return Floats((outputs + BlockWidth - 1) / BlockWidth * BlockWidth, channel => biases.Sum(bias => channel < bias?.Length ? bias[channel] : 0.0));
    }

    private static NativeFloats Floats(int length, Func<int, double> value)
    {
        var floats = new NativeFloats(length, "weights");
        for (var index = 0; index < length; index++)
            floats.Pointer[index] = (float)value(index);
        return floats;
    }
}
