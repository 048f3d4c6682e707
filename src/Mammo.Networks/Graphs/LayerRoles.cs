using System.Collections.Immutable;

namespace Mammo.Networks.Graphs;

/// <summary>Finds the roles of layers by structure, for networks read from files that do not name them.</summary>
public static class LayerRoles
{
    /// <summary>The same network with roles. A network that has any already, or more than one output, is returned as it is.</summary>
    /// <remarks>Layers of a nested model are the base of a whole-image network. Without a nested model the network is taken for a patch classifier.</remarks>
    public static LayerGraph Infer(LayerGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return Infer(graph, layer => layer.Name.Contains('/', StringComparison.Ordinal));
    }

    /// <summary>The same for a network whose nested models are known by their path names: a layer's own name may hold a slash too.</summary>
    internal static LayerGraph Infer(LayerGraph graph, IReadOnlyCollection<string> models) =>
        Infer(graph, layer => models.Any(model => layer.Name.StartsWith(model + "/", StringComparison.Ordinal)));

    private static LayerGraph Infer(LayerGraph graph, Func<Layer, bool> isNested)
    {
        if (graph.Outputs.Length != 1 || graph.Layers.Any(layer => layer.Role != LayerRole.Base))
            return graph;
        var isWhole = graph.Layers.Any(isNested) && !isNested(graph[graph.Outputs[0]]);
        var roles = isWhole ? WholeImageRoles(graph, isNested) : PatchHeadRoles(graph);
        return new LayerGraph(graph.Name, [.. graph.Layers.Select(layer => layer with { Role = roles.GetValueOrDefault(layer.Name) })], graph.Outputs);
    }

    /// <summary>Back from the output: what works on vectors, the pool that made them, and average pools right before it (ResNet50's avg_pool).</summary>
    private static Dictionary<string, LayerRole> PatchHeadRoles(LayerGraph graph)
    {
        var shapes = ShapeInference.Infer(graph);
        var roles = new Dictionary<string, LayerRole>(StringComparer.Ordinal);
        var layer = graph[graph.Outputs[0]];
        while (layer.Inputs.Length == 1 && (shapes[layer.Name].Rank == 1 || (roles.Count > 0 && layer.Kind is LayerKind.AveragePooling2D)))
        {
            roles[layer.Name] = LayerRole.PatchHead;
            layer = graph[layer.Inputs[0]];
        }

        // Vectors all the way up, or no vectors at all: not a classifier of pictures.
        return layer.Kind is LayerKind.Input ? [] : roles;
    }

    private static Dictionary<string, LayerRole> WholeImageRoles(LayerGraph graph, Func<Layer, bool> isNested)
    {
        var outer = graph.Layers.Where(layer => !isNested(layer) && layer.Kind is not LayerKind.Input).ToImmutableArray();
        var roles = outer.ToDictionary(layer => layer.Name, _ => LayerRole.Top, StringComparer.Ordinal);
        foreach (var layer in Heatmap(outer))
            roles[layer.Name] = LayerRole.Heatmap;
        return roles;
    }

    /// <summary>Average pool, dropout if any, dense over the channels, max pool if any, right behind the nested model.</summary>
    private static IEnumerable<Layer> Heatmap(ImmutableArray<Layer> outer)
    {
        var chain = outer.TakeWhile(layer => layer.Kind is LayerKind.AveragePooling2D or LayerKind.Dropout or LayerKind.Dense or LayerKind.MaxPooling2D)
            .ToArray();
        var dense = Array.FindIndex(chain, layer => layer.Kind is LayerKind.Dense);
        if (dense < 1 || chain[0].Kind is not LayerKind.AveragePooling2D)
            return [];
        var hasPool = dense + 1 < chain.Length && chain[dense + 1].Kind is LayerKind.MaxPooling2D;
        return chain.Take(dense + (hasPool ? 2 : 1));
    }
}
