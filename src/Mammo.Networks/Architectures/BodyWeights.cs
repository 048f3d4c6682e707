using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>The weights that a patch network's body needs from a file.</summary>
internal static class BodyWeights
{
    /// <summary>The layers of the body that have weights, in Keras's order.</summary>
    public static (Layer Layer, WeightShape[] Weights)[] Of(LayerGraph graph)
    {
        var shapes = ShapeInference.Infer(graph);
        return
        [
            .. graph.Layers
                .Where(layer => layer.Role == LayerRole.Base && !layer.Inputs.IsEmpty)
                .Select(layer => (layer, WeightPlan.Of(layer, shapes[layer.Inputs[0]]).ToArray()))
                .Where(entry => entry.Item2.Length > 0),
        ];
    }

    /// <summary>The weight if its shape is the wanted one.</summary>
    public static Weight Checked(Weight weight, string name, WeightShape wanted, LayerGraph graph, string path) => weight.Shape.SequenceEqual(wanted.Shape)
        ? weight
        : throw Mismatch(
            path, graph, $"'{name}' has shape ({string.Join(", ", weight.Shape)}) where '{wanted.Name}' needs ({string.Join(", ", wanted.Shape)})", name);

    public static MammoException Mismatch(string path, LayerGraph graph, string why, string? target = null, string? suggestedFix = null) => new(
        ErrorIds.ModelWeightMismatch, $"The weights in '{path}' are not those of {graph.Name}: {why}.",
        suggestedFix ?? "Use weights of the same architecture, without its top.", target ?? path);
}
