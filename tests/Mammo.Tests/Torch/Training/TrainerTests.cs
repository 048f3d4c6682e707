using System.Text.Json;
using Mammo.Data.Augmentation;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Torch;
using Mammo.Torch.Training;
using Mammo.Torch.Training.Checkpoints;
using Mammo.Torch.Training.Runs;

namespace Mammo.Tests.Torch.Training;

public sealed class TrainerTests
{
    private readonly string _folder = Shared.NewFolder();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void The_same_seed_gives_the_same_weights_whatever_the_number_of_workers_and_wherever_pixels_are_held()
    {
        var data = TinyTraining.Data(_folder);
        var reference = Run(data with { WorkerCount = 0 });
        Assert.Equal(2, reference.Epochs.Length);
        var cache = Path.Combine(_folder, "cache");
        TrainingData[] others =
        [
            data with { WorkerCount = 1 },
            data with { WorkerCount = 3 },
            data with { WorkerCount = 3, LoadTrainRam = true, LoadValidationRam = true },
            data with { WorkerCount = 2, CacheFolder = cache },
            data with { WorkerCount = 2, CacheFolder = cache },
        ];
        Assert.All(others, other => Assert.True(TinyTraining.AreEqual(reference.FinalWeights, Run(other).FinalWeights)));
        Assert.Equal(data.Train.Count + data.Validation.Count, Directory.GetFiles(cache, "*.pixels").Length);
        Assert.False(TinyTraining.AreEqual(reference.FinalWeights, Run(data, TinyTraining.Options with { Seed = 8 }).FinalWeights));
    }

    [Fact]
    public void Stages_change_what_they_are_to_change_and_the_model_gets_the_best_weights()
    {
        using var model = TinyTraining.Model();
        var before = model.Weights;
        var records = new List<EpochRecord>();
        var trainer = new Trainer(model, TinyTraining.Options) { Observer = new TrainingObserver { EpochEnded = records.Add } };
        var result = trainer.Train(TinyTraining.Stages(model, TinyTraining.Schedule with { AllLayerEpoch = 1 }), TinyTraining.Data(_folder), Cancel);

        Assert.Equal(result.Epochs, records);
        foreach (var layer in model.Graph.Layers.Where(layer => layer.Kind is LayerKind.Conv2D or LayerKind.Dense))
        {
            var isSame = before[layer.Name + "/kernel"].Values.AsSpan().SequenceEqual(result.FinalWeights[layer.Name + "/kernel"].Values);
            Assert.Equal(layer.Role == LayerRole.Base, isSame);
        }

        Assert.True(TinyTraining.AreEqual(model.Weights, result.FinalWeights));
        Assert.Equal(1, result.BestEpoch);
        Assert.Equal(["neg", "pos"], model.Card.Classes);
        Assert.Equal(1, (int)model.Card.Training!["bestEpoch"]!);
        Assert.Equal(TinyTraining.Schedule.WeightDecay2, ((LayerKind.Dense)model.Graph[model.Graph.Outputs[0]].Kind).L2);
    }

    [Fact]
    public void Weight_decay_of_the_second_stage_has_an_effect_by_default_and_none_in_the_original()
    {
        var data = TinyTraining.Data(_folder);
        Assert.False(TinyTraining.AreEqual(WithDecay(0.01, TrainingCompatibility.Default), WithDecay(0.5, TrainingCompatibility.Default)));
        Assert.True(TinyTraining.AreEqual(WithDecay(0.01, TrainingCompatibility.Keras208), WithDecay(0.5, TrainingCompatibility.Keras208)));

        IReadOnlyDictionary<string, Weight> WithDecay(double weightDecay2, TrainingCompatibility compatibility) =>
            Run(data, TinyTraining.Options with { Compatibility = compatibility }, TinyTraining.Schedule with
            { Epoch = 0, AllLayerEpoch = 1, WeightDecay2 = weightDecay2 }).FinalWeights;
    }

    [Fact]
    public void Batch_norm_of_frozen_layers_rests_by_default_and_moves_in_the_original()
    {
        var data = TinyTraining.Data(_folder);
        Assert.True(Rests(TrainingCompatibility.Default));
        Assert.False(Rests(TrainingCompatibility.Keras208));

        bool Rests(TrainingCompatibility compatibility)
        {
            using var patch = ModelFactory.Patch(
                new PatchOptions { Architecture = "yaroslav", WidthMultiplier = 1 / 16.0, Classes = ["background", "lesion"] }, 1);
            using var model = ModelFactory.WholeImage(
                patch, new WholeImageOptions { ImageSize = new(128, 128), BlockType = TopBlock.Vgg, TopDepth = [4], TopRepetition = [1] }, 1, out _);
            var before = model.Weights;
            var options = TinyTraining.Options with { Compatibility = compatibility };
            var large = data with { Preparation = data.Preparation with { Size = new(128, 128) }, LoadValidationRam = true };
            var result = new Trainer(model, options)
                .Train(TinyTraining.Stages(model, TinyTraining.Schedule with { AllLayerEpoch = 1 }, compatibility), large, Cancel);
            var statistics = model.Graph.Layers.Where(layer => layer.Role == LayerRole.Base && layer.Kind is LayerKind.BatchNormalization)
                .Select(layer => layer.Name + "/moving_mean").ToArray();
            Assert.NotEmpty(statistics);
            return statistics.All(name => before[name].Values.AsSpan().SequenceEqual(result.FinalWeights[name].Values));
        }
    }

    [Theory]
    [InlineData(TrainingCompatibility.Default, 7, 4)]
    [InlineData(TrainingCompatibility.Default, 8, 4)]
    [InlineData(TrainingCompatibility.Keras208, 7, 4)]
    [InlineData(TrainingCompatibility.Keras208, 8, 5)]
    public void An_epoch_has_as_many_steps_as_are_needed_and_in_the_original_one_more_when_the_batches_are_full(
        TrainingCompatibility compatibility, int images, int steps)
    {
        var counts = new List<int>();
        using var model = TinyTraining.Model();
        var observer = new TrainingObserver { Progress = progress => counts.Add(progress.StepCount) };
        new Trainer(model, TinyTraining.Options with { Compatibility = compatibility }) { Observer = observer }
            .Train(TinyTraining.Stages(model, TinyTraining.Schedule with { AllLayerEpoch = 1 }, compatibility), TinyTraining.Data(_folder, images), Cancel);
        Assert.Equal(Enumerable.Repeat(steps, steps), counts);
    }

    [Fact]
    public void Accumulated_steps_are_those_of_a_larger_batch()
    {
        // Batch statistics frozen and no dropout: then nothing but rounding is left.
        var options = TinyTraining.Options with { FrozenBatchNorm = true, Optimizer = OptimizerKind.Sgd, BatchSize = 4, TrainBatchMultiplier = 1 };
        var schedule = TinyTraining.Schedule with { HiddenDropout = 0, HiddenDropout2 = 0 };
        var data = TinyTraining.Data(_folder);
        var large = Run(data, options, schedule);
        var parts = Run(data, options with { TrainBatchMultiplier = 0.5, AccumulateStep = 2 }, schedule);
        AssertNear(large.FinalWeights, parts.FinalWeights, 1e-5);
        Assert.Equal(large.Epochs[1].Loss, parts.Epochs[1].Loss, 1e-5);
    }

    [Fact]
    public void Checkpointed_gradients_train_alike()
    {
        var data = TinyTraining.Data(_folder);
        AssertNear(Run(data).FinalWeights, Run(data, TinyTraining.Options with { GradientCheckpoint = true }).FinalWeights, 1e-4);
    }

    /// <summary>Epochs of one step, so that trainings that end earlier give the weights after each step.</summary>
    [Fact]
    public void What_is_kept_of_an_averaged_model_is_the_average_of_its_steps()
    {
        var data = TinyTraining.Data(_folder, trainCount: 2);
        var schedule = TinyTraining.Schedule with { Epoch = 0, AllLayerEpoch = 4 };
        using var model = TinyTraining.Model();
        var average = model.Weights.ToDictionary(pair => pair.Key, pair => Array.ConvertAll(pair.Value.Values, value => (double)value));
        var result = new Trainer(model, TinyTraining.Options with { AverageDecay = 0.2 }).Train(TinyTraining.Stages(model, schedule), data, Cancel);
        Assert.Equal(4, result.Epochs.Length);
        for (var step = 0; step < result.BestEpoch; step++)
        {
            // The first steps count for more: 1/10, 2/11, then the decay of 0.2.
            var decay = Math.Min(0.2, (1 + step) / (10.0 + step));
            foreach (var (name, weight) in Run(data, null, schedule with { AllLayerEpoch = step + 1 }).FinalWeights)
                average[name] = [.. average[name].Paired(weight.Values).Select(pair => (decay * pair.First) + ((1 - decay) * pair.Second))];
        }

        Assert.All(model.Weights, pair => Assert.All(average[pair.Key].Paired(pair.Value.Values), values => Assert.Equal(values.First, values.Second, 1e-6)));
        Assert.False(TinyTraining.AreEqual(model.Weights, result.FinalWeights));
    }

    [Fact]
    public void Modern_choices_train_too()
    {
        var options = TinyTraining.Options with
        { Optimizer = OptimizerKind.AdamW, CosineSchedule = true, WarmUpEpoch = 0.5, LabelSmoothing = 0.1, ClipNorm = 1, ClipValue = 0.5 };
        var data = TinyTraining.Data(_folder) with { Augmentation = AugmentationOptions.Original with { Smooth = true } };
        var result = Run(data, options, TinyTraining.Schedule with { Epoch = 2, AllLayerEpoch = 2 });
        Assert.All(result.Epochs, epoch => Assert.True(double.IsFinite(epoch.Loss)));
        Assert.True(result.Epochs[1].LearningRate < 0.25 * TinyTraining.Schedule.LearningRate);
    }

    [Fact]
    public void A_bfloat16_network_trains_with_float32_weights_near_a_float32_one()
    {
        var data = TinyTraining.Data(_folder);
        var (full, half) = (Run(data), Run(data, TinyTraining.Options with { Precision = Precision.BFloat16 }));
        Assert.Equal(full.Epochs[0].Loss, half.Epochs[0].Loss, 0.1);
        Assert.False(TinyTraining.AreEqual(full.FinalWeights, half.FinalWeights));
        Assert.Contains(half.FinalWeights.Values.SelectMany(weight => weight.Values), value => (BitConverter.SingleToUInt32Bits(value) & 0xFFFF) != 0);
    }

    [Fact]
    public void Epochs_are_logged_a_line_each()
    {
        using var model = TinyTraining.Model();
        var log = Path.Combine(_folder, "logs", "epochs.jsonl");
        var result = new Trainer(model, TinyTraining.Options) { LogPath = log }.Train(TinyTraining.Stages(model), TinyTraining.Data(_folder), Cancel);
        var lines = File.ReadAllLines(log).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(result.Epochs.Select(epoch => epoch.ValidationLoss), lines.Select(line => line.GetProperty("validationLoss").GetDouble()));
        Assert.Equal(["top layers", "all layers"], lines.Select(line => line.GetProperty("stage").GetString()));
    }

    [Fact]
    public void Only_classifiers_of_single_images_can_be_trained()
    {
        using var patch = ModelFactory.Patch(new PatchOptions { Architecture = "vgg16", WidthMultiplier = 1 / 16.0, Classes = ["neg", "pos"] }, 1);
        using var heatmap = ModelFactory.WholeImage(
            patch, new WholeImageOptions { ImageSize = new(96, 96), HeatmapOnly = true, AvgPoolSize = Size2D.Square(2) }, 1, out _);
        var error = Assert.Throws<MammoException>(
            () => new Trainer(heatmap, TinyTraining.Options).Train(TinyTraining.Stages(heatmap), TinyTraining.Data(_folder), Cancel));
        Assert.Equal(ErrorIds.ModelInputMismatch, error.ErrorId);
    }

    [Fact]
    public void Cancelling_ends_the_batch_and_returns()
    {
        using var model = TinyTraining.Model();
        using var cancellation = new CancellationTokenSource();
        var steps = 0;
        var observer = new TrainingObserver
        {
            Progress = progress =>
            {
                if (++steps == 6)
                    cancellation.Cancel();
            },
        };
        var result = new Trainer(
            model, TinyTraining.Options)
        { Observer = observer }.Train(TinyTraining.Stages(model), TinyTraining.Data(_folder), cancellation.Token);
        Assert.True(result.WasCancelled);
        Assert.Equal(6, steps);
        Assert.Single(result.Epochs);
        Assert.Equal(1, result.BestEpoch);
    }

    [Fact]
    public void A_loss_that_is_no_number_names_batch_and_files_and_leaves_the_model_alone()
    {
        using var model = TinyTraining.Model();
        var before = model.Weights;
        var schedule = TinyTraining.Schedule with { LearningRate = 1e30 };
        var error = Assert.Throws<MammoException>(() => new Trainer(model, TinyTraining.Options with { Optimizer = OptimizerKind.Sgd, FrozenBatchNorm = true })
            .Train(TinyTraining.Stages(model, schedule), TinyTraining.Data(_folder), Cancel));
        Assert.Equal(ErrorIds.TrainingDiverged, error.ErrorId);
        Assert.Contains("batch 2 in epoch 1", error.Message, StringComparison.Ordinal);
        Assert.Contains(".pgm", error.Message, StringComparison.Ordinal);
        Assert.True(TinyTraining.AreEqual(before, model.Weights));
    }

    [Fact]
    public void What_was_learnt_before_a_failure_is_kept()
    {
        using var model = TinyTraining.Model();
        var data = TinyTraining.Data(_folder);
        var schedule = TinyTraining.Schedule with { Epoch = 2, AllLayerEpoch = 4, AllLayerMultiplier = 1e33 };
        var best = new List<MammoModel>();
        var records = new List<EpochRecord>();
        var trainer = new Trainer(
            model,
            TinyTraining.Options with { Optimizer = OptimizerKind.Sgd })
        { Observer = new TrainingObserver { BestChanged = best.Add, EpochEnded = records.Add } };
        Assert.Equal(ErrorIds.TrainingDiverged, Assert.Throws<MammoException>(() => trainer.Train(TinyTraining.Stages(model, schedule), data, Cancel)).ErrorId);
        Assert.Equal(2, records.Count);
        Assert.Equal(records.Count(record => record.IsBest), best.Count);
        Assert.True(TinyTraining.AreEqual(best[^1].Weights, model.Weights));
        Assert.Equal(2, (int)model.Card.Training!["epochs"]!);

        using var interrupted = TinyTraining.Model();
        var observer = new TrainingObserver { BestChanged = best.Add, Progress = step => Assert.NotEqual(2, step.Epoch) };
        Assert.Throws<Xunit.Sdk.NotEqualException>(
            () => new Trainer(interrupted, TinyTraining.Options) { Observer = observer }.Train(TinyTraining.Stages(interrupted), data, Cancel));
        Assert.True(TinyTraining.AreEqual(best[^1].Weights, interrupted.Weights));

        File.Delete(data.Train.Images[3].Path);
        using var other = TinyTraining.Model();
        Assert.Equal(
            ErrorIds.FileNotFound,
            Assert.Throws<MammoException>(() => new Trainer(other, TinyTraining.Options).Train(TinyTraining.Stages(other), data, Cancel)).ErrorId);
    }

    [Fact]
    public void Weights_that_are_no_numbers_do_not_become_a_checkpoint()
    {
        using var model = TinyTraining.Model();
        var folder = Path.Combine(_folder, "checkpoints");
        var trainer = new Trainer(
            model,
            TinyTraining.Options with { Optimizer = OptimizerKind.Sgd, FrozenBatchNorm = true })
        { Checkpoint = new CheckpointOptions(folder, Resume: false) };
        var error = Assert.Throws<MammoException>(
            () => trainer.Train(
                TinyTraining.Stages(model, TinyTraining.Schedule with { LearningRate = 1e30 }), TinyTraining.Data(_folder, trainCount: 2), Cancel));
        Assert.Equal(ErrorIds.TrainingDiverged, error.ErrorId);
        Assert.Contains("validation loss after epoch 1", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void A_model_that_was_trained_at_another_size_and_without_a_mean_is_made_for_that()
    {
        using var model = TinyTraining.Model();
        var data = TinyTraining.Data(_folder) with { Preparation = new Preparation { Size = new ImageSize(96, 64) } };
        new Trainer(model, TinyTraining.Options).Train(TinyTraining.Stages(model, TinyTraining.Schedule with { AllLayerEpoch = 1 }), data, Cancel);
        var preparation = ModelPreparation.For(model, PreparationWishes.None);
        Assert.Equal((new ImageSize(96, 64), 0.0), (preparation.Preparation.Size, preparation.Preparation.FeaturewiseMean));
        Assert.DoesNotContain(preparation.Findings, warning => warning.Message.Contains("mean", StringComparison.Ordinal));
    }

    [Fact]
    public void Want_of_memory_is_told_in_plain_words()
    {
        NativeTorch.EnsureLoaded();
        var error = Assert.Throws<MammoException>(() => TorchFailures.Guarded("net", "Use less.", () => TorchSharp.torch.empty([1L << 55])));
        Assert.Equal((ErrorIds.EngineFailed, "Use less."), (error.ErrorId, error.SuggestedFix));
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Tensors_do_not_pile_up()
    {
        var data = TinyTraining.Data(_folder);
        Run(data, TinyTraining.Options with { AverageDecay = 0.9 });
        var live = TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        Run(data, TinyTraining.Options with { AverageDecay = 0.9 });
        Assert.Equal(live, TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    private static TrainingResult Run(TrainingData data, TrainingOptions? options = null, WholeImageSchedule? schedule = null)
    {
        using var model = TinyTraining.Model();
        options ??= TinyTraining.Options;
        return new Trainer(model, options).Train(TinyTraining.Stages(model, schedule, options.Compatibility), data, Cancel);
    }

    private static void AssertNear(IReadOnlyDictionary<string, Weight> expected, IReadOnlyDictionary<string, Weight> actual, double tolerance) =>
        Assert.All(
            expected, pair => Assert.All(pair.Value.Values.Paired(actual[pair.Key].Values), values => Assert.Equal(values.First, values.Second, tolerance)));
}
