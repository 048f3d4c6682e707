using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Torch.Training;
using Mammo.Torch.Training.Runs;

namespace Mammo.Tests.Torch.Training;

/// <summary>Whole trainings of the original's own programs, replayed from their batches through all stages.</summary>
public sealed class RecordedRunTests
{
    [Theory]
    [InlineData("image_vgg16_resnet_sgd", 1e-5)]
    [InlineData("image_yaroslav_vgg_adam", 1e-6)]
    [InlineData("patch_vgg16_3stage_adam", 1e-6)]
    [InlineData("patch_vgg16_3stage_sgd_balance", 1e-6)]
    public void Losses_decisions_and_weights_are_the_originals(string name, double laterTolerance)
    {
        var recorded = new RecordedRun(name);
        var stages = recorded.Json.GetProperty("stages").EnumerateArray().ToArray();
        var losses = new List<double>();
        var (previous, epochs) = ((Mean: 0.0, Samples: 0), 0);
        var run = Run(recorded, Precision.Float64, new TrainingObserver
        {
            Progress = progress =>
            {
                var samples = recorded.Json.GetProperty("batch_sizes").EnumerateArray().Skip(losses.Count).First().GetInt32();
                previous = progress.Step == 1 ? (0, 0) : previous;
                losses.Add(((progress.Loss * (previous.Samples + samples)) - (previous.Mean * previous.Samples)) / samples);
                previous = (progress.Loss, previous.Samples + samples);
            },
        }, snapshot => AssertEpoch(recorded, stages, snapshot, ++epochs, laterTolerance));

        var expected = stages.SelectMany(stage => stage.GetProperty("batches").EnumerateArray()).Select(batch => batch.GetProperty("loss").GetDouble())
            .ToArray();
        Assert.Equal(expected.Length, losses.Count);
        Assert.All(expected.Paired(losses), pair => Close(pair.First, pair.Second, laterTolerance));
        AssertWeights(recorded.Weights("weights_best.npy"), recorded.Model.Graph, run.Best!, laterTolerance);
        Assert.Equal(stages.Sum(stage => stage.GetProperty("epochs").GetArrayLength()), run.State.Epochs.Length);
    }

    [Fact]
    public void Float32_follows_the_first_epochs()
    {
        var recorded = new RecordedRun("image_yaroslav_vgg_adam");
        var run = Run(recorded, Precision.Float32, new TrainingObserver(), _ => { });
        var epochs = recorded.Json.GetProperty("stages")[0].GetProperty("epochs").EnumerateArray();
        double[] expected = [.. epochs.Select(epoch => epoch.GetProperty("logs").GetProperty("loss").GetDouble())];
        Assert.NotEmpty(expected);
        Assert.All(expected.Paired(run.State.Epochs.Take(expected.Length)), pair => Close(pair.First, pair.Second.Loss, 1e-3));
    }

    private static TrainingOutcome Run(RecordedRun recorded, Precision precision, TrainingObserver observer, Action<TrainingSnapshot> checkpoint)
    {
        var options = recorded.TrainingOptions with { Precision = precision };
        var (stages, batches) = (recorded.Stages, recorded.TrainingBatches());
        var validator = new Validator(recorded.ValidationBatches(), options.BatchSize, dropsPartialBatch: false);
        var first = batches.Batches(0, 1, CancellationToken.None).First();
        var run = new TrainingRun(
            recorded.Model, stages, options, batches, validator, new ImageSize(first.Height, first.Width), observer)
        { Checkpoint = checkpoint };
        return run.Run(new TrainingSnapshot(TrainingRun.Start(stages, options, ImmutableSortedDictionary<string, string>.Empty)), CancellationToken.None);
    }

    private static void AssertEpoch(RecordedRun recorded, JsonElement[] stages, TrainingSnapshot snapshot, int number, double laterTolerance)
    {
        var state = snapshot.State;
        var tolerance = state.Stage == 0 ? 1e-6 : laterTolerance;
        var epochs = stages[state.Stage].GetProperty("epochs");
        var expected = epochs[state.Epochs.Length - 1 - state.StageStart];
        var (logs, stopping, record) = (expected.GetProperty("logs"), expected.GetProperty("early_stopping"), state.Epochs[^1]);
        Assert.Equal(number, record.Epoch);
        Assert.Equal(expected.GetProperty("epoch").GetInt32() + 1, record.Epoch);
        Close(logs.GetProperty("loss").GetDouble(), record.Loss, tolerance);
        Close(logs.GetProperty("val_loss").GetDouble(), record.ValidationLoss, tolerance);
        Assert.Equal(logs.GetProperty("acc").GetDouble(), record.Accuracy, 1e-12);
        Assert.Equal(logs.GetProperty("val_acc").GetDouble(), record.ValidationAccuracy, 1e-12);
        Assert.Equal(expected.GetProperty("lr_before").GetDouble(), record.LearningRate, 1e-15);
        Assert.Equal(expected.GetProperty("lr_after").GetDouble(), state.Plateau.LearningRate, 1e-15);
        Assert.Equal(stopping.GetProperty("wait").GetInt32(), state.Stopping.Wait);
        Assert.Equal(stopping.GetProperty("stop_training").GetBoolean(), state.Stopping.ShouldStop);
        Close(stopping.GetProperty("best").GetDouble(), state.Stopping.Best, tolerance);
        if (expected.TryGetProperty("reduce_lr", out var plateau))
            Assert.Equal(plateau.GetProperty("wait").GetInt32(), state.Plateau.Wait);
        if (expected.TryGetProperty("auc_checkpoint", out var auc))
        {
            Assert.Equal(auc.GetProperty("saved").GetBoolean(), record.IsBest);
            Assert.Equal(auc.GetProperty("best_auc").GetDouble(), state.Best.Score, 1e-12);
            Assert.Equal(auc.GetProperty("best_epoch").GetInt32(), state.Best.Epoch);
            Assert.All(auc.GetProperty("epoch_auc").EnumerateArray().Paired(record.ClassAuc), pair => Assert.Equal(pair.First.GetDouble(), pair.Second, 1e-12));
        }
        else
        {
            Assert.Equal(expected.GetProperty("model_checkpoint").GetProperty("saved").GetBoolean(), record.IsBest);
            Assert.Equal(expected.GetProperty("model_checkpoint").GetProperty("best_val_acc").GetDouble(), state.Best.Score, 1e-12);
        }

        if (state.Epochs.Length - state.StageStart == epochs.GetArrayLength())
            AssertWeights(recorded.Weights($"weights_after_stage{state.Stage + 1}.npy"), recorded.Model.Graph, snapshot.Weights!, tolerance);
    }

    private static void AssertWeights(Dictionary<string, double[]> expected, LayerGraph graph, KeptWeights actual, double tolerance)
    {
        Assert.Equal(expected.Keys.Order(), actual.Values.Keys.Order());
        foreach (var plan in WeightPlan.Of(graph))
        {
            using var scope = TorchSharp.torch.NewDisposeScope();
            var values = MemoryMarshal.Cast<byte, double>(actual.Values[plan.Name]).ToArray();
            var keras = KerasOrder.Of(TorchSharp.torch.tensor(values, [.. plan.Shape.Select(size => (long)size)]));
            Assert.All(expected[plan.Name].Paired(keras), pair => Close(pair.First, pair.Second, tolerance));
        }
    }

    /// <summary>Relative, and absolute for what is below 1: weights near 0 are differences of larger numbers.</summary>
    private static void Close(double expected, double actual, double tolerance) => Assert.Equal(expected, actual, tolerance * Math.Max(1, Math.Abs(expected)));
}
