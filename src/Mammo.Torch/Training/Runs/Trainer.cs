using System.Collections.Immutable;
using System.Text.Json;
using Mammo.Data.Examination;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Torch.Training.Batches;
using Mammo.Torch.Training.Checkpoints;
using Mammo.Torch.Training.Checks;
using Mammo.Torch.Training.Mining;
using TorchSharp;

namespace Mammo.Torch.Training.Runs;

/// <summary>Trains a model in stages and leaves it with the weights of its best epoch. For research; what it makes is no medical device.</summary>
/// <param name="model">The model; the same instance has the trained weights afterwards.</param>
/// <param name="options">What decides the result besides stages and data.</param>
public sealed class Trainer(MammoModel model, TrainingOptions options)
{
    private InputProfile _seen = new();
    private HardNegativeMiner? _miner;

    /// <summary>Who is informed of what.</summary>
    public TrainingObserver Observer { get; init; } = new();

    /// <summary>Where checkpoints are left; null for none.</summary>
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>File of JSON lines, one an epoch, written after every epoch; null for none.</summary>
    public string? LogPath { get; init; }

    /// <summary>Checks everything that can be checked beforehand and trains. Runs on the calling thread.</summary>
    /// <param name="stages">The stages, mostly of a <see cref="WholeImageSchedule"/> or <see cref="PatchSchedule"/>.</param>
    /// <param name="data">The images.</param>
    /// <param name="cancellation">
    /// Ends the training between two layers of the running batch; the model then has the best finished epoch's weights, or its own where no epoch was finished.
    /// </param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.TorchUnavailable"/>; options, data, images or folders that cannot be used; <see cref="ErrorIds.FolderInUse"/>;
    /// <see cref="ErrorIds.CheckpointMismatch"/>; <see cref="ErrorIds.TrainingDiverged"/>. The model has the best finished epoch's weights then too.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the first batch.</exception>
    public TrainingResult Train(ImmutableArray<TrainingStage> stages, TrainingData data, CancellationToken cancellation = default)
    {
        CheckFolders(data);
        Examine(stages, data, cancellation);
        using var owner = Checkpoint is null ? null : FolderOwner.Take(Checkpoint.Folder);
        var size = data.Preparation.Size!.Value;
        var channels = ((LayerKind.Input)model.Graph[model.Graph.Inputs[0]].Kind).Shape.Channels!.Value;
        var validator = new Validator(
            new ImageBatchSource(data, isTraining: false, channels, options), options.BatchSize, options.Compatibility == TrainingCompatibility.Keras208
                && !data.LoadValidationRam);
        var start = TrainingRun.Start(stages, options, TrainingIdentity.Of(model.Graph, options, stages, data, cancellation));
        var source = new ImageBatchSource(data, isTraining: true, channels, options) { RoiLabels = RoiTraining.Labels(model, options, data) };
        var folder = Checkpoint is null ? null : new CheckpointFolder(Checkpoint.Folder);
        var run = new TrainingRun(model, stages, options, source, validator, size, Observer)
        {
            HardNegatives = _miner is null ? null : new HardNegatives(_miner, source, state => TrainingCard.Of(model.Card, data, options, state, _seen)),
            Checkpoint = folder is null
                ? null
                : snapshot => folder.Save(snapshot.State.Epochs.Length, snapshot.State.ToJson(), CheckpointContent.Blocks(snapshot)),
            Log = LogPath is { } path ? state => Attempt(() => EpochLog.Write(path, state.Epochs)) : null,
            Improved = Observer.BestChanged is { } changed ? (state, best) => Attempt(() => changed(Trained(state, best, stages, data))) : null,
        };
        var snapshot = folder is null ? new TrainingSnapshot(start) : Resumed(folder, start);

        // After a kill the log may lag behind the checkpoint.
        if (!snapshot.State.Epochs.IsEmpty)
            run.Log?.Invoke(snapshot.State);
        try
        {
            var outcome = TorchFailures.Guarded(
                model.Graph.Name,
                "Use a smaller -BatchSize or -ImageSize, or -GradientCheckpoint; -AccumulateStep makes up for smaller batches.",
                () => run.Run(snapshot, cancellation));
            return Finished(outcome, stages, data);
        }
        catch (Exception) when (run is { State: { } state, Best: { } best })
        {
            // What was learnt is not lost, whatever ends the training; PowerShell throws out of a report of progress when it is stopped.
            TakeOver(Trained(state, best, stages, data));
            throw;
        }
    }

    /// <summary>Checks what can be checked before a training, but for the folders that it would write to, and trains nothing.</summary>
    /// <param name="stages">As for <see cref="Train"/>.</param>
    /// <param name="data">The images.</param>
    /// <param name="cancellation">Ends the checks.</param>
    /// <exception cref="MammoException">As <see cref="Train"/>'s, of what can be known beforehand.</exception>
    public void Check(ImmutableArray<TrainingStage> stages, TrainingData data, CancellationToken cancellation = default) =>
        Examine(stages, data, cancellation);

    private void Examine(ImmutableArray<TrainingStage> stages, TrainingData data, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(data);
        Ensemble.RequireSingle(model, "one network is trained at a time");

        // Before anything asks TorchSharp, and before minutes are spent on checks of images.
        NativeTorch.EnsureLoaded();
        var warn = Observer.Warning ?? (_ => { });
        OptionChecks.Run(options, stages);
        ScheduleChecks.Run(model, stages, warn);
        DatasetChecks.Run(model, data, options, warn);
        if (data.Preparation.Size is { } size)
        {
            ActivationMemory.Require(model.Graph, size, model.Name);
            MemoryCheck.Run(stages, options, size, data.Train.Count, model.Name);
        }
        LeakageCheck.Run(data, warn, cancellation);
        _seen = ImageChecks.Run(model, data, warn, cancellation);
        _miner = data.HardNegatives is null
            ? null : new HardNegativeMiner(model, options, data, stages.Max(stage => stage.EpochLimit), warn, cancellation);
    }

    // Neither the log nor the best model's file is worth the training: what cannot be written is reported, and tried again after the next epoch.
    private void Attempt(Action write)
    {
        try
        {
            write();
        }
        catch (MammoException error) when (error.ErrorId == ErrorIds.FileNotWritten)
        {
            Observer.Warning?.Invoke(new Finding(error.ErrorId, $"{error.Message} {error.SuggestedFix} The training goes on.") { Subject = error.Target });
        }
    }

    private void CheckFolders(TrainingData data)
    {
        // A checkpoint holds the weights, the best ones, an average perhaps, and at most two slots a weight; three exist while the newest is written.
        if (Checkpoint is { } checkpoint)
            OutputChecks.RequireRoom(checkpoint.Folder, 3 * 5 * sizeof(float) * model.ParameterCount);
        if (data.CacheFolder is { } cache)
            OutputChecks.RequireRoom(cache, RoomForCache(cache, data));
        if (LogPath is { } log)
            OutputChecks.RequireRoom(Path.GetDirectoryName(Path.GetFullPath(log))!, 0);
    }

    // A byte a pixel at least, less what is there.
    private static long RoomForCache(string folder, TrainingData data)
    {
        var size = data.Preparation.Size.GetValueOrDefault();
        var all = ((long)data.Train.Count + data.Validation.Count) * size.Height * size.Width;
        return Directory.Exists(folder) ? Math.Max(0, all - new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length)) : all;
    }

    private TrainingSnapshot Resumed(CheckpointFolder folder, TrainingState start)
    {
        var type = options.Precision == Precision.Float64 ? torch.ScalarType.Float64 : torch.ScalarType.Float32;
        var snapshot = folder.LoadNewest(
            (text, blocks) => CheckpointContent.Snapshot(text, blocks, type, model.Graph),
            (path, error) => Observer.Warning?.Invoke(new Finding(
                ErrorIds.CheckpointInvalid, $"The checkpoint '{path}' is damaged, or of another version ({error.Message.TrimEnd('.')}); it is passed over.")));
        if (snapshot is null)
            return new TrainingSnapshot(start);
        if (!Checkpoint!.Resume)
            throw new MammoException(
                ErrorIds.CheckpointExists,
                $"The folder '{folder.Path}' already holds checkpoints.",
                "Use -Resume to go on from them, name another folder, or remove them.",
                folder.Path);
        var differences = TrainingIdentity.Differences(snapshot.State.Identity, start.Identity).ToArray();
        if (differences.Length > 0)
            throw new MammoException(
                ErrorIds.CheckpointMismatch,
                $"The checkpoints in '{folder.Path}' belong to another training: {string.Join("; ", differences)}.",
                "Use the same model, data and options, or another folder.",
                folder.Path);
        if (snapshot.State.Threads is > 0 and var threads && threads != start.Threads)
            Observer.Warning?.Invoke(new Finding(
                ErrorIds.ThreadsDiffer,
                $"The training used {threads} threads before, and uses {start.Threads} now: sums are rounded in another order, so that it will not end with "
                + "the very "
                    + $"weights of an uninterrupted one. Set OMP_NUM_THREADS to {threads} to go on alike."));
        return snapshot with { State = snapshot.State with { Threads = start.Threads } };
    }

    private TrainingResult Finished(TrainingOutcome outcome, ImmutableArray<TrainingStage> stages, TrainingData data)
    {
        var state = outcome.State;
        var final = outcome.Weights?.ToModel(model.Graph) ?? model.Weights;
        if (outcome.Best is { } best)
            TakeOver(Trained(state, best, stages, data));
        return new TrainingResult(state.Epochs, state.Best.Epoch, state.Best.Score, final, outcome.WasCancelled);
    }

    private MammoModel Trained(TrainingState state, KeptWeights best, ImmutableArray<TrainingStage> stages, TrainingData data) =>
        new(
            model.Name,
            StageGraph.At(stages[^1].Graph, data.Preparation.Size!.Value),
            best.ToModel(model.Graph),
            TrainingCard.Of(model.Card, data, options, state, _seen));

    private void TakeOver(MammoModel trained) => model.Update(trained.Weights, trained.Card, trained.Graph);
}
