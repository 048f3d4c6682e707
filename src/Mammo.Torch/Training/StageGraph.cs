using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;

namespace Mammo.Torch.Training;

/// <summary>Graphs with other weight decay and dropout.</summary>
internal static class StageGraph
{
    /// <summary>The graph with a weight decay on all convolutions and dense layers, and a rate in all dropouts, that have one of the roles.</summary>
    public static LayerGraph With(LayerGraph graph, double weightDecay, double dropout, params LayerRole[] roles) => new(
        graph.Name,
        [.. graph.Layers.Select(layer => roles.Contains(layer.Role) ? layer with { Kind = With(layer.Kind, weightDecay, dropout) } : layer)],
        graph.Outputs);

    /// <summary>The graph with images of another size, where its input fixes one: a network that was trained at a size is made for it.</summary>
    public static LayerGraph At(LayerGraph graph, ImageSize size) => ModelPreparation.FixedSize(graph) is { } known && known != size
        ? new LayerGraph(
            graph.Name,
            [.. graph.Layers.Select(layer => layer.Kind is LayerKind.Input input ? layer with { Kind = Resized(input, size) } : layer)],
            graph.Outputs)
        : graph;

    private static LayerKind.Input Resized(LayerKind.Input input, ImageSize size) => new(TensorShape.Of(size.Height, size.Width, input.Shape.Channels));

    private static LayerKind With(LayerKind kind, double weightDecay, double dropout) => kind switch
    {
        LayerKind.Conv2D conv => conv with { L2 = weightDecay },
        LayerKind.Dense dense => dense with { L2 = weightDecay },
        LayerKind.Dropout => new LayerKind.Dropout(dropout),
        _ => kind,
    };
}

/// <summary>One stretch of training with one optimiser, whose state starts empty.</summary>
/// <param name="Name">What is trained, in a few words.</param>
/// <param name="Graph">The network with the weight decay (<c>L2</c>) and dropout rates of this stage.</param>
/// <param name="TrainableLayers">Names of the layers whose weights change.</param>
/// <param name="LearningRate">Learning rate at its start.</param>
/// <param name="EpochLimit">
/// Number of epochs, counted over all stages, at which it ends at the latest: a cumulative end as in the original, not a count. A stage whose limit is
/// reached already is skipped.
/// </param>
public sealed record TrainingStage(string Name, LayerGraph Graph, ImmutableHashSet<string> TrainableLayers, double LearningRate, int EpochLimit);
