using System.Collections.Frozen;
using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Torch.Training.Optimizers;

namespace Mammo.Torch.Training.Runs;

/// <summary>What a stage needs on the device: its network, an optimiser with empty state, and the moving average if one is kept.</summary>
internal sealed class StageRun : IDisposable
{
    /// <summary>Sets a stage up.</summary>
    /// <param name="model">The model; its graph rules where the stage's weight decay and dropout have no effect.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="options">The training's options.</param>
    /// <param name="weights">Weights to start from; null takes the model's.</param>
    /// <param name="stepsInEpoch">Steps of an epoch.</param>
    /// <param name="size">Rows and columns of the images.</param>
    public StageRun(MammoModel model, TrainingStage stage, TrainingOptions options, KeptWeights? weights, int stepsInEpoch, ImageSize size)
    {
        // Keras 2.0.8 bakes penalty and dropout rate into the graph when a layer is built: setting them for a stage afterwards changes what is saved, not
        // what is done.
        var graph = options.Compatibility == TrainingCompatibility.Keras208 ? model.Graph : stage.Graph;
        if (options.RoiLoss > 0)
            graph = WithHeatmap(graph, size);
        Network = new Network(graph, model.Weights, TorchDevice.Parse(options.Device), options.Precision, forTraining: true);
        weights?.CopyTo(Network);
        Network.SetTrainable(
            Network.Weights.Select(weight => weight.Plan.Name).Where(name => stage.TrainableLayers.Contains(Owner(name))).ToFrozenSet(StringComparer.Ordinal));
        TrainedWeight[] trained = [.. Network.Weights.Select(weight => new TrainedWeight(
            weight.Plan.Name, weight.Value, WeightDecay(graph, weight.Plan.Name)))];
        Optimizer = Optimizer.Make(options.Optimizer);
        Step = new TrainingStep(Network, trained, FrozenNorms(graph, stage, options), Optimizer, options, stepsInEpoch, size);
        Average = options.AverageDecay is { } decay ? new WeightAverage(Network, decay) : null;
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>The optimiser.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>Takes the steps.</summary>
    public TrainingStep Step { get; }

    /// <summary>The moving average; null when none is kept.</summary>
    public WeightAverage? Average { get; }

    /// <summary>Takes up the optimiser's and the average's state where a snapshot left them.</summary>
    public void Restore(TrainingState state, TrainingSnapshot snapshot)
    {
        Optimizer.Restore(state.Iterations, Step.Trained, (name, slot) =>
        {
            if (!snapshot.Optimizer.TryGetValue(name, out var values))
                return false;
            TensorBytes.CopyTo(values, slot);
            return true;
        });
        if (Average is null || snapshot.Average is null)
            return;
        Average.Steps = state.AverageSteps;
        foreach (var (name, tensor) in Average.State())
            TensorBytes.CopyTo(snapshot.Average.Values.GetValueOrDefault(name, []), tensor);
    }

    /// <summary>Copies what the stage has on the device.</summary>
    public TrainingSnapshot Snapshot(TrainingState state, KeptWeights? best) => new(state)
    {
        Weights = KeptWeights.Of(Network),
        Best = best,
        Optimizer = Optimizer.State().ToImmutableDictionary(pair => pair.Key, pair => TensorBytes.Of(pair.Value), StringComparer.Ordinal),
        Average = Average is { } average
            ? new KeptWeights(
                Network.Weights[0].Value.dtype,
                average.State().ToImmutableDictionary(pair => pair.Key, pair => TensorBytes.Of(pair.Value), StringComparer.Ordinal))
            : null,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        Average?.Dispose();
        Optimizer.Dispose();
        Network.Dispose();
    }

    /// <summary>The heatmap as a second output, for its loss.</summary>
    private static LayerGraph WithHeatmap(LayerGraph graph, ImageSize size)
    {
        var heatmap = HeatmapLayer.Find(graph, size)!;
        return new LayerGraph(graph.Name, graph.Layers, [graph.Outputs[0], heatmap.Name]);
    }

    private static FrozenSet<string> FrozenNorms(LayerGraph graph, TrainingStage stage, TrainingOptions options) => graph.Layers
        .Where(layer => layer.Kind is LayerKind.BatchNormalization)
        .Where(layer => options.FrozenBatchNorm
            || (options.Compatibility == TrainingCompatibility.Default && !stage.TrainableLayers.Contains(layer.WeightOwner)))
        .Select(layer => layer.WeightOwner)
        .ToFrozenSet(StringComparer.Ordinal);

    private static double WeightDecay(LayerGraph graph, string weightName) =>
        !weightName.EndsWith("/kernel", StringComparison.Ordinal) ? 0 : graph[Owner(weightName)].Kind switch
        {
            LayerKind.Conv2D conv => conv.L2,
            LayerKind.Dense dense => dense.L2,
            _ => 0,
        };

    private static string Owner(string weightName) => weightName[..weightName.LastIndexOf('/')];
}
