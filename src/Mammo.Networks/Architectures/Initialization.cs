using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>
/// First weights of networks, as Keras 2.0.8 draws them: glorot_uniform for bodies and patch heads, truncated he_normal for the layers on top of whole-image
/// networks.
/// </summary>
/// <remarks>
/// Biases, beta and moving means are 0, gamma and moving variances 1. The values depend only on the seed and the weight's name and shape, on every platform:
/// integer arithmetic, correctly rounded IEEE operations, and no function of the mathematics library.
/// </remarks>
public static class Initialization
{
    private const long LargestWeight = 1L << 29;

    /// <summary>All weights of the network: those given, the same arrays, and new ones for the rest.</summary>
    /// <param name="graph">The network, with roles.</param>
    /// <param name="seed">Seed of the new weights.</param>
    /// <param name="kept">Weights that stay; null for none.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelOptionConflict"/>: a weight would have more than 2^29 values (2 GB).</exception>
    public static IReadOnlyDictionary<string, Weight> Fill(LayerGraph graph, long seed, IReadOnlyDictionary<string, Weight>? kept = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var weights = kept is null ? new Dictionary<string, Weight>(StringComparer.Ordinal) : new Dictionary<string, Weight>(kept, StringComparer.Ordinal);
        var missing = Plan(graph).Where(entry => !weights.ContainsKey(entry.Shape.Name)).OrderByDescending(entry => entry.Shape.Elements).ToArray();
        foreach (var (_, shape) in missing)
        {
            OptionRules.Require(
                shape.Elements <= LargestWeight,
                $"Weight '{shape.Name}' of shape ({string.Join(", ", shape.Shape)}) would have {shape.Elements} values, more than {LargestWeight}.",
                "Use fewer filters or units, or a heatmap before fully connected layers.");
        }

        var values = new float[missing.Length][];
        Parallel.For(0, missing.Length, i => values[i] = Draw(missing[i].Layer, missing[i].Shape, seed));
        for (var i = 0; i < missing.Length; i++)
            weights.Add(missing[i].Shape.Name, new Weight(missing[i].Shape.Shape, values[i]));
        return weights;
    }

    private static IEnumerable<(Layer Layer, WeightShape Shape)> Plan(LayerGraph graph)
    {
        var shapes = ShapeInference.Infer(graph);
        return graph.Layers
            .Where(layer => !layer.Inputs.IsEmpty && layer.SharedWith is null)
            .SelectMany(layer => WeightPlan.Of(layer, shapes[layer.Inputs[0]]), (layer, shape) => (layer, shape));
    }

    private static float[] Draw(Layer layer, WeightShape shape, long seed)
    {
        var values = new float[shape.Elements];
        var word = shape.Name[(shape.Name.LastIndexOf('/') + 1)..];
        if (word is "gamma" or "moving_variance" or "variance")
        {
            Array.Fill(values, 1f);
        }
        else if (word.EndsWith("kernel", StringComparison.Ordinal))
        {
            var (fanIn, fanOut) = Fans(layer.Kind, word, shape);
            var stream = new WeightStream(seed, shape.Name);
            if (layer.Role == LayerRole.Top)
                stream.FillTruncatedNormal(values, Math.Sqrt(2 / fanIn));
            else
                stream.FillUniform(values, Math.Sqrt(6 / (fanIn + fanOut)));
        }

        return values;
    }

    /// <summary>Keras's fans: window times input channels, window times output channels.</summary>
    /// <remarks>A depthwise kernel has its input channels in Keras's third place and the multiplier in the last, so its fan out is small.</remarks>
    private static (double In, double Out) Fans(LayerKind kind, string word, WeightShape weight)
    {
        var window = weight.Shape.Skip(2).Aggregate(1.0, (product, size) => product * size);
        if (word != "depthwise_kernel")
            return (weight.Shape[1] * window, weight.Shape[0] * window);
        var multiplier = kind switch
        {
            LayerKind.SeparableConv2D conv => conv.DepthMultiplier,
            LayerKind.DepthwiseConv2D conv => conv.DepthMultiplier,
            _ => 1,
        };
        return (weight.Shape[0] / multiplier * window, multiplier * window);
    }
}
