using Mammo.Data.Images;

namespace Mammo.Networks.Graphs;

/// <summary>What a network costs to run.</summary>
public static class ComputeCost
{
    /// <summary>
    /// Multiply-adds that one call of a native library is given at most, where it can be cut: half a second on two cores of 2020; the way back of a training
    /// step takes twice that. It can be cancelled only between two calls.
    /// </summary>
    internal const long MostInCall = 20_000_000_000;

    /// <summary>
    /// Multiply-adds of convolutions and dense layers for one image; half the floating-point operations. Batch norm, activations and pools are left out, as
    /// is usual.
    /// </summary>
    /// <param name="graph">The network.</param>
    /// <param name="inputSize">Rows and columns put in place of open ones.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelGraphInvalid"/>: a layer does not fit its input.</exception>
    public static long MultiplyAdds(LayerGraph graph, ImageSize? inputSize = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return ByLayer(graph, inputSize).Sum();
    }

    /// <summary>The same for each layer, in the network's order.</summary>
    internal static IEnumerable<long> ByLayer(LayerGraph graph, ImageSize? inputSize)
    {
        var shapes = ShapeInference.Infer(graph, inputSize);
        return graph.Layers.Select(layer => layer.Inputs.IsEmpty ? 0 : Of(layer.Kind, shapes[layer.Inputs[0]], shapes[layer.Name]));
    }

    private static long Of(LayerKind kind, TensorShape input, TensorShape output) => kind switch
    {
        LayerKind.Conv2D conv => Elements(output) * Area(conv.Kernel) * Channels(input) / (conv.Groups ?? 1),
        LayerKind.SeparableConv2D conv => Positions(output) * Channels(input) * conv.DepthMultiplier * (Area(conv.Kernel) + conv.Filters),
        LayerKind.DepthwiseConv2D conv => Elements(output) * Area(conv.Kernel),
        LayerKind.Dense => Elements(output) * Channels(input),
        _ => 0,
    };

    private static long Positions(TensorShape shape) => Elements(shape) / Channels(shape);

    private static long Elements(TensorShape shape) => shape.Elements ?? throw Open(shape);

    private static int Channels(TensorShape shape) => shape.Channels ?? throw Open(shape);

    private static long Area(Size2D size) => (long)size.Rows * size.Columns;

    private static MammoException Open(TensorShape shape) =>
        new(ErrorIds.ModelGraphInvalid, $"The cost of a network depends on its input size, which is open: {shape}.", "Give the size of the input.");
}
