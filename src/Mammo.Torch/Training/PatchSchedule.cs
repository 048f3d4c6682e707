using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Torch.Training;

/// <summary>
/// The three stages in which the original trains a patch classifier: last layer, top layers, all layers. The defaults are those of <c>patch_clf_train.py</c>.
/// </summary>
public sealed record PatchSchedule
{
    // The first layers with weights that the original's second stage trains (by index there): VGG, Xception, ResNet50.
    private static readonly ImmutableArray<string> FirstTopLayers = ["block5_conv1", "block14_sepconv1", "res5c_branch2a"];

    /// <summary>Epoch limit of the first stage.</summary>
    public int Epoch { get; init; } = 5;

    /// <summary>Epoch limit of the second stage, counted from the start of the first.</summary>
    public int TopLayerEpoch { get; init; } = 10;

    /// <summary>Epoch limit of the third stage, counted from the start of the first.</summary>
    public int AllLayerEpoch { get; init; } = 20;

    /// <summary>Learning rate of the first stage.</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>Factor on the learning rate in the second stage.</summary>
    public double TopLayerMultiplier { get; init; } = 0.1;

    /// <summary>Factor on the learning rate in the third stage.</summary>
    public double AllLayerMultiplier { get; init; } = 0.01;

    /// <summary>Weight decay λ of the output layer in the first stage (penalty λ·ΣW², no ½).</summary>
    public double WeightDecay { get; init; } = 0.0001;

    /// <summary>Weight decay of the output layer in the second and third stage.</summary>
    public double WeightDecay2 { get; init; } = 0.0001;

    /// <summary>Dropout rate before the output layer in the first stage.</summary>
    public double HiddenDropout { get; init; }

    /// <summary>Dropout rate before the output layer in the second and third stage.</summary>
    public double HiddenDropout2 { get; init; }

    /// <summary>The body's weights are trained ones (of ImageNet). False: there is one stage, in which all layers train.</summary>
    public bool IsPretrained { get; init; } = true;

    /// <summary>
    /// Position of the first layer that the second stage trains, in the network's order; null is the original's for its architectures, and all layers for
    /// others.
    /// </summary>
    public int? TopLayerNumber { get; init; }

    /// <summary>The stages for a network.</summary>
    /// <param name="graph">A patch classifier.</param>
    public ImmutableArray<TrainingStage> Stages(LayerGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var (first, second) = (Graph(WeightDecay, HiddenDropout), Graph(WeightDecay2, HiddenDropout2));
        var all = From(0);
        if (!IsPretrained)
            return [new TrainingStage("all layers", first, all, LearningRate, Epoch)];
        return
        [
            new TrainingStage("last layer", first, From(LastWithWeights(graph)), LearningRate, Epoch),
            new TrainingStage("top layers", second, From(TopLayerNumber ?? FirstTopLayer(graph)), LearningRate * TopLayerMultiplier, TopLayerEpoch),
            new TrainingStage("all layers", second, all, LearningRate * AllLayerMultiplier, AllLayerEpoch),
        ];

        LayerGraph Graph(double weightDecay, double dropout) => StageGraph.With(graph, weightDecay, dropout, LayerRole.PatchHead);

        ImmutableHashSet<string> From(int position) => graph.Layers.Skip(position).Select(layer => layer.Name).ToImmutableHashSet(StringComparer.Ordinal);
    }

    private static int LastWithWeights(LayerGraph graph)
    {
        var name = WeightPlan.Of(graph)[^1].Name;
        return graph.Layers.IndexOf(graph[name[..name.LastIndexOf('/')]]);
    }

    private static int FirstTopLayer(LayerGraph graph)
    {
        // The original has no number for YaroslavNet, the one with a sixth block of plain convolutions, and so trains all of it.
        if (graph.Contains("block6_conv1"))
            return 0;
        for (var position = 0; position < graph.Layers.Length; position++)
        {
            var name = graph.Layers[position].Name;
            if (FirstTopLayers.Contains(name))
                return position;

            // InceptionV3: the convolutions behind mixed6 have automatic names.
            if (name == "mixed6")
                return position + 1;
        }

        return 0;
    }
}
