using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Torch.Training;

/// <summary>
/// The two stages in which the original trains a whole-image network: the layers on top, then all layers. The defaults are those of
/// <c>image_clf_train.py</c>.
/// </summary>
public sealed record WholeImageSchedule
{
    // What add_top_layers returns and the original freezes by: input and nested network; with a heatmap also its four layers, and then two layers too many.
    private const int PlainTop = 2;
    private const int HeatmapTop = 8;

    /// <summary>Epoch limit of the first stage; 0 skips it.</summary>
    public int Epoch { get; init; } = 5;

    /// <summary>Epoch limit of the second stage, counted from the start of the first.</summary>
    public int AllLayerEpoch { get; init; } = 20;

    /// <summary>Learning rate of the first stage.</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>Factor on the learning rate in the second stage.</summary>
    public double AllLayerMultiplier { get; init; } = 0.1;

    /// <summary>Weight decay λ of the top layers in the first stage (penalty λ·ΣW², no ½).</summary>
    public double WeightDecay { get; init; } = 0.0001;

    /// <summary>Weight decay of the top layers in the second stage.</summary>
    public double WeightDecay2 { get; init; } = 0.0001;

    /// <summary>Dropout rate of the top layers in the first stage.</summary>
    public double HiddenDropout { get; init; }

    /// <summary>Dropout rate of the top layers in the second stage.</summary>
    public double HiddenDropout2 { get; init; }

    /// <summary>
    /// Number of outer layers, from the input on, that the first stage freezes (the nested patch network counts as one); null goes by the layers' roles.
    /// </summary>
    public int? TopLayerNumber { get; init; }

    /// <summary>The stages for a network.</summary>
    /// <param name="graph">A whole-image network.</param>
    /// <param name="compatibility">
    /// With Keras208 a network with a heatmap gets the original's boundary, which also freezes the first convolution and its batch norm behind it.
    /// </param>
    public ImmutableArray<TrainingStage> Stages(LayerGraph graph, TrainingCompatibility compatibility)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var boundary = TopLayerNumber ?? (compatibility == TrainingCompatibility.Keras208 ? OriginalBoundary(graph) : null);
        var frozen = boundary is { } number
            ? FrozenByNumber(graph, number)
            : FrozenByRole(graph);
        var all = graph.Layers.Select(layer => layer.Name).ToImmutableHashSet(StringComparer.Ordinal);
        return
        [
            new TrainingStage("top layers", Graph(WeightDecay, HiddenDropout), all.Except(frozen), LearningRate, Epoch),
            new TrainingStage("all layers", Graph(WeightDecay2, HiddenDropout2), all, LearningRate * AllLayerMultiplier, AllLayerEpoch),
        ];

        LayerGraph Graph(double weightDecay, double dropout) => StageGraph.With(graph, weightDecay, dropout, LayerRole.Heatmap, LayerRole.Top);
    }

    /// <summary>Null where the original has no such network.</summary>
    private static int? OriginalBoundary(LayerGraph graph) =>
        graph.Layers.Any(layer => layer.Kind is LayerKind.TopKPooling2D) ? null : graph.Layers.Any(layer => layer.Role == LayerRole.Heatmap) ? HeatmapTop
            : PlainTop;

    /// <summary>Body and heatmap; the body alone where nothing behind the heatmap has weights, as with top-k pooling.</summary>
    private static ImmutableHashSet<string> FrozenByRole(LayerGraph graph)
    {
        var hasHead = WeightPlan.Of(graph).Any(weight => graph[weight.Name[..weight.Name.LastIndexOf('/')]].Role == LayerRole.Top);
        return graph.Layers.Where(layer => hasHead ? layer.Role.IsFrozenFirst() : layer.Role == LayerRole.Base).Select(layer => layer.Name)
            .ToImmutableHashSet(StringComparer.Ordinal);
    }

    private static ImmutableHashSet<string> FrozenByNumber(LayerGraph graph, int number)
    {
        var outer = graph.Layers.Select(layer => Outer(layer.Name)).Distinct(StringComparer.Ordinal).Take(number).ToHashSet(StringComparer.Ordinal);
        return graph.Layers.Select(layer => layer.Name).Where(name => outer.Contains(Outer(name))).ToImmutableHashSet(StringComparer.Ordinal);
    }

    private static string Outer(string name) => name.Split('/')[0];
}
