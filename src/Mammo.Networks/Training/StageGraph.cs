using Mammo.Networks.Graphs;

namespace Mammo.Networks.Training;

/// <summary>Graphs with other weight decay and dropout.</summary>
internal static class StageGraph
{
    /// <summary>The graph with a weight decay on all convolutions and dense layers, and a rate in all dropouts, that have one of the roles.</summary>
    public static LayerGraph With(LayerGraph graph, double weightDecay, double dropout, params LayerRole[] roles) => new(
        graph.Name,
        [.. graph.Layers.Select(layer => roles.Contains(layer.Role) ? layer with { Kind = With(layer.Kind, weightDecay, dropout) } : layer)],
        graph.Outputs);

    private static LayerKind With(LayerKind kind, double weightDecay, double dropout) => kind switch
    {
        LayerKind.Conv2D conv => conv with { L2 = weightDecay },
        LayerKind.Dense dense => dense with { L2 = weightDecay },
        LayerKind.Dropout => new LayerKind.Dropout(dropout),
        _ => kind,
    };
}
