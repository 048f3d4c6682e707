using Mammo.Networks.Graphs;

namespace Mammo.Networks.Storage;

/// <summary>A network with one sigmoid output as the network of two classes that it is.</summary>
/// <remarks>
/// sigmoid(z) = softmax(0, z)₁, so a dense layer of two units whose first kernel row and bias are zero gives 1 - p and p. The score is the same up to float32
/// rounding, and everything that works on two
/// classes works: measuring, training, export.
/// </remarks>
internal static class SigmoidOutput
{
    /// <summary>
    /// The same function with two softmax outputs; null where the network does not end in a dense layer of one unit with a sigmoid, in it or behind it.
    /// </summary>
    public static (LayerGraph Graph, IReadOnlyDictionary<string, Weight> Weights)? Doubled(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights)
    {
        if (graph.Outputs is not [var output] || Last(graph, graph[output]) is not { } dense || dense.SharedWith is not null
            || graph.Layers.Any(layer => layer.SharedWith == dense.Name))
            return null;
        var kind = (LayerKind.Dense)dense.Kind;
        var isOwn = kind.Activation == Activation.Sigmoid;
        var layers = graph.Layers.Select(layer => layer.Name == dense.Name
            ? layer with { Kind = kind with { Units = 2, Activation = isOwn ? Activation.Softmax : Activation.Linear } }
            : layer.Name == output ? layer with { Kind = new LayerKind.Activate(Activation.Softmax) } : layer);
        var changed = new Dictionary<string, Weight>(weights, StringComparer.Ordinal);
        foreach (var name in WeightPlan.Of(dense, ShapeInference.Infer(graph)[dense.Inputs[0]]).Select(shape => shape.Name))
            changed[name] = new Weight(changed[name].Shape.SetItem(0, 2), [.. new float[changed[name].Values.Length], .. changed[name].Values]);
        return (new LayerGraph(graph.Name, [.. layers], graph.Outputs), changed);
    }

    private static Layer? Last(LayerGraph graph, Layer output)
    {
        var shapes = ShapeInference.Infer(graph);
        var dense = output.Kind is LayerKind.Activate { Activation: Activation.Sigmoid } ? graph[output.Inputs[0]] : output;
        var wanted = ReferenceEquals(dense, output) ? Activation.Sigmoid : Activation.Linear;
        var isUsedOnce = ReferenceEquals(dense, output) || graph.Layers.Count(layer => layer.Inputs.Contains(dense.Name)) == 1;
        return dense.Kind is LayerKind.Dense { Units: 1 } kind && kind.Activation == wanted && isUsedOnce && shapes[dense.Name].Rank == 1 ? dense : null;
    }
}
