using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Keras;

/// <summary>Between Keras's channels-last layout of weights and the canonical one.</summary>
internal static class KerasLayout
{
    /// <summary>
    /// Shape in a Keras file of a weight with that canonical shape: convolutions (rows, columns, in, out), depthwise (rows, columns, in, multiplier), dense
    /// (in, out).
    /// </summary>
    /// <param name="canonical">Canonical shape.</param>
    /// <param name="depthMultiplier">Multiplier of a depthwise kernel; null for every other weight.</param>
    public static ImmutableArray<int> KerasShape(ImmutableArray<int> canonical, int? depthMultiplier) => canonical.Length switch
    {
        4 when depthMultiplier is { } multiplier => [canonical[2], canonical[3], canonical[0] / multiplier, multiplier],
        4 => [canonical[2], canonical[3], canonical[1], canonical[0]],
        2 => [canonical[1], canonical[0]],
        _ => canonical,
    };

    /// <summary>Canonical shape of a weight with that shape in a Keras file.</summary>
    public static ImmutableArray<int> Canonical(ImmutableArray<int> shape, bool isDepthwise) => shape.Length switch
    {
        4 when isDepthwise => [checked(shape[2] * shape[3]), 1, shape[0], shape[1]],
        4 => [shape[3], shape[2], shape[0], shape[1]],
        2 => [shape[1], shape[0]],
        _ => shape,
    };

    /// <summary>The multiplier when the weight is a depthwise kernel.</summary>
    public static int? DepthMultiplier(LayerKind kind, string word) => word != "depthwise_kernel" ? null : kind switch
    {
        LayerKind.SeparableConv2D conv => conv.DepthMultiplier,
        LayerKind.DepthwiseConv2D conv => conv.DepthMultiplier,
        _ => null,
    };

    /// <summary>
    /// Puts values of a Keras file into canonical order. In a depthwise kernel the two last axes together are the output channel (in·multiplier + m), so it
    /// turns as if
    /// it had one input channel.
    /// </summary>
    public static Weight ToCanonical(float[] values, ImmutableArray<int> canonical)
    {
        if (canonical.Length is not (2 or 4) || values.Length == 0)
            return new Weight(canonical, values);

        // Canonical (out, in, rows, columns); in the file the window is slowest, then in, then out. Depthwise: in = 1. Dense: no window.
        var (outs, ins) = (canonical[0], canonical[1]);
        var window = values.Length / outs / ins;
        var turned = new float[values.Length];
        for (var cell = 0; cell < window; cell++)
        {
            for (var channel = 0; channel < ins; channel++)
            {
                var source = values.AsSpan(((cell * ins) + channel) * outs, outs);
                var target = (channel * window) + cell;
                var step = ins * window;
                foreach (var value in source)
                {
                    turned[target] = value;
                    target += step;
                }
            }
        }

        return new Weight(canonical, turned);
    }
}
