using System.Collections.Immutable;
using Mammo.Data.Images;

namespace Mammo.Networks.Graphs;

/// <summary>One layer as a row of a table.</summary>
/// <param name="Name">Path name.</param>
/// <param name="Kind">Keras's word for the kind.</param>
/// <param name="OutputShape">Rows, columns, channels; a question mark for an open size.</param>
/// <param name="Parameters">Number of weight values, moving statistics included; 0 for a later call of a shared layer.</param>
/// <param name="Inputs">Names of the layers whose outputs it takes.</param>
/// <param name="Role">Part of the method that it belongs to.</param>
/// <param name="L2">Penalty λ·ΣW² on its kernel; 0 for none.</param>
public sealed record LayerListing(string Name, string Kind, string OutputShape, long Parameters, ImmutableArray<string> Inputs, LayerRole Role, double L2)
{
    /// <summary>
    /// True for the layers that the first stage of training leaves as they are: the patch network's body, and the heatmap made of its output layer.
    /// </summary>
    public bool Frozen => Role.IsFrozenFirst();

    /// <summary>All layers in order, without touching weights.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="inputSize">Rows and columns put in place of open ones; null leaves them open.</param>
    public static ImmutableArray<LayerListing> Of(LayerGraph graph, ImageSize? inputSize = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var shapes = ShapeInference.Infer(graph, inputSize);
        return [.. graph.Layers.Select(layer => new LayerListing(
            layer.Name, layer.Kind.KerasName, shapes[layer.Name].ToString(), Count(layer, shapes), layer.Inputs, layer.Role, layer.Kind.KernelL2))];
    }

    private static long Count(Layer layer, IReadOnlyDictionary<string, TensorShape> shapes) =>
        layer.Inputs.IsEmpty || layer.SharedWith is not null ? 0 : WeightPlan.Of(layer, shapes[layer.Inputs[0]]).Sum(weight => weight.Elements);
}
