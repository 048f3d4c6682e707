using System.Collections.Immutable;

namespace Mammo.Networks.Graphs;

/// <summary>
/// One weight array in canonical layout: convolutions (out, in, rows, columns), depthwise (in·multiplier, 1, rows, columns), dense (units, in).
/// </summary>
/// <param name="Shape">Sizes; their product is the number of values.</param>
/// <param name="Values">The values in C order; float32 as Keras stores them. Treated as immutable.</param>
public sealed record Weight(ImmutableArray<int> Shape, float[] Values);

/// <summary>Name and shape of one weight that a layer needs, in canonical layout.</summary>
/// <param name="Name">Path: layer, slash, Keras's word for the weight (<c>block1_conv1/kernel</c>).</param>
/// <param name="Shape">Canonical (torch's) shape.</param>
/// <param name="IsTrainable">False for moving statistics of batch norm and the numbers of a normalisation.</param>
public sealed record WeightShape(string Name, ImmutableArray<int> Shape, bool IsTrainable)
{
    /// <summary>Number of values.</summary>
    public long Elements => Shape.Aggregate(1L, (product, size) => product * size);
}

/// <summary>Which weights a network needs: names and canonical shapes, derived from kinds and input shapes.</summary>
public static class WeightPlan
{
    /// <summary>All weights of a network, layer by layer; a shared layer's stand once.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelGraphInvalid"/>: the number of input channels of a layer is open.</exception>
    public static IReadOnlyList<WeightShape> Of(LayerGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var shapes = ShapeInference.Infer(graph);
        return [.. graph.Layers.Where(layer => layer.SharedWith is null).SelectMany(layer => Of(
            layer, layer.Inputs.IsEmpty ? default : shapes[layer.Inputs[0]]))];
    }

    /// <summary>The weights of one layer for an input of that shape, in Keras's order within the layer; empty for kinds without weights.</summary>
    public static IEnumerable<WeightShape> Of(Layer layer, TensorShape input)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return layer.Kind switch
        {
            LayerKind.Conv2D conv => Biased(
                conv.UseBias, conv.Filters, Make("kernel", conv.Filters, Channels() / (conv.Groups ?? 1), conv.Kernel.Rows, conv.Kernel.Columns)),
            LayerKind.SeparableConv2D conv => Biased(
                conv.UseBias,
                conv.Filters,
                Make("depthwise_kernel", Channels() * conv.DepthMultiplier, 1, conv.Kernel.Rows, conv.Kernel.Columns),
                Make("pointwise_kernel", conv.Filters, Channels() * conv.DepthMultiplier, 1, 1)),
            LayerKind.DepthwiseConv2D conv => Biased(
                conv.UseBias, Channels() * conv.DepthMultiplier, Make(
                    "depthwise_kernel", Channels() * conv.DepthMultiplier, 1, conv.Kernel.Rows, conv.Kernel.Columns)),
            LayerKind.Dense dense => Biased(dense.UseBias, dense.Units, Make("kernel", dense.Units, Channels())),
            LayerKind.BatchNormalization norm => Normalization(norm),
            LayerKind.LayerNormalization norm =>
                [
                    .. norm.Scale ? [Make("gamma", Channels())] : Array.Empty<WeightShape>(),
                    .. norm.Center ? [Make("beta", Channels())] : Array.Empty<WeightShape>(),
                ],
            LayerKind.LayerScale => [Make("gamma", Channels())],
            LayerKind.Normalization => [Fixed("mean"), Fixed("variance")],
            _ => [],
        };

        int Channels() => input.Channels ?? throw new MammoException(
            ErrorIds.ModelGraphInvalid, $"Layer '{layer.Name}' has weights, but its input {input} has an open last size.",
            "Give the network a fixed input size.", layer.Name);

        WeightShape Fixed(string name) => Make(name, Channels()) with { IsTrainable = false };

        WeightShape Make(string name, params ReadOnlySpan<int> shape) => new(layer.Name + "/" + name, [.. shape], IsTrainable: true);

        IEnumerable<WeightShape> Biased(bool useBias, int count, params WeightShape[] kernels) => useBias ? kernels.Append(Make("bias", count)) : kernels;

        IEnumerable<WeightShape> Normalization(LayerKind.BatchNormalization norm)
        {
            var channels = Channels();
            if (norm.Scale)
                yield return Make("gamma", channels);
            if (norm.Center)
                yield return Make("beta", channels);
            yield return Fixed("moving_mean");
            yield return Fixed("moving_variance");
        }
    }
}
