using System.Collections.Immutable;
using System.Diagnostics;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Torch.Training.Batches;

namespace Mammo.Torch.Training.Runs;

/// <summary>Runs the stages of one training, epoch by epoch.</summary>
internal sealed class TrainingRun
{
    private readonly MammoModel _model;
    private readonly ImmutableArray<TrainingStage> _stages;
    private readonly TrainingOptions _options;
    private readonly IBatchSource _source;
    private readonly Validator _validator;
    private readonly ImageSize _size;
    private readonly TrainingObserver _observer;
    private readonly TrainingClock _clock;

    /// <summary>Prepares a run.</summary>
    /// <param name="model">Where the weights come from.</param>
    /// <param name="stages">The stages.</param>
    /// <param name="options">The options.</param>
    /// <param name="source">Training batches.</param>
    /// <param name="validator">Validation.</param>
    /// <param name="size">Rows and columns of the images.</param>
    /// <param name="observer">Who is informed.</param>
    public TrainingRun(
        MammoModel model, ImmutableArray<TrainingStage> stages, TrainingOptions options, IBatchSource source, Validator validator, ImageSize size,
        TrainingObserver observer)
    {
        (_model, _stages, _options, _source, _validator, _size, _observer) = (model, stages, options, source, validator, size, observer);
        var (count, batch) = (source.SampleCount, options.TrainBatchSize);

        // The original takes a batch more than the samples fill when they fill them exactly.
        BatchesInEpoch = options.Compatibility == TrainingCompatibility.Keras208 ? (count / batch) + 1 : (count + batch - 1) / batch;
        StepsInEpoch = (BatchesInEpoch + options.AccumulateStep - 1) / options.AccumulateStep;
        _clock = new TrainingClock(stages, StepsInEpoch);
    }

    /// <summary>Mines hard negatives; null where none are wanted.</summary>
    public HardNegatives? HardNegatives { get; init; }

    /// <summary>Called after every epoch with all that a checkpoint needs; null when there are none.</summary>
    public Action<TrainingSnapshot>? Checkpoint { get; init; }

    /// <summary>Called after every epoch with what a log says; null when there is none.</summary>
    public Action<TrainingState>? Log { get; init; }

    /// <summary>Called after every epoch that is the best so far; null when nobody wants to know.</summary>
    public Action<TrainingState, KeptWeights>? Improved { get; init; }

    /// <summary>The state after the last finished epoch; null before the run.</summary>
    public TrainingState? State { get; private set; }

    /// <summary>The weights of the best finished epoch; null before the first.</summary>
    public KeptWeights? Best { get; private set; }

    private int BatchesInEpoch { get; }

    private int StepsInEpoch { get; }

    /// <summary>Runs from a snapshot to the end, or until it is cancelled.</summary>
    public TrainingOutcome Run(TrainingSnapshot start, CancellationToken cancellation)
    {
        var (state, best, weights) = (start.State, start.Best, start.Weights);
        (State, Best) = (state, best);
        for (; state.Stage < _stages.Length; state = NextStage(state))
        {
            var stage = _stages[state.Stage];
            if (IsOver(stage, state))
                continue;
            using var run = new StageRun(_model, stage, _options, weights, StepsInEpoch, _size);
            if (state.Iterations > 0)
                run.Restore(state, start);

            // What was read from a checkpoint is on the device now.
            (start, weights) = (new TrainingSnapshot(state), null);
            try
            {
                while (!IsOver(stage, state))
                {
                    (state, best) = Epoch(run, stage, state, best, cancellation);
                    (State, Best) = (state, best);
                    Checkpoint?.Invoke(run.Snapshot(state, best));
                    Log?.Invoke(state);
                    if (state.Epochs[^1].IsBest)
                        Improved?.Invoke(state, best!);
                    _observer.EpochEnded?.Invoke(state.Epochs[^1]);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return new TrainingOutcome(state, best, KeptWeights.Of(run.Network), WasCancelled: true);
            }

            weights = KeptWeights.Of(run.Network);
        }

        return new TrainingOutcome(state, best, weights, WasCancelled: false);
    }

    /// <summary>The state at the start of the first stage.</summary>
    public static TrainingState Start(
        ImmutableArray<TrainingStage> stages, TrainingOptions options, ImmutableSortedDictionary<string, string> identity) => new()
        {
            Identity = identity,
            Stopping = new EarlyStopping(options.EarlyStoppingPatience),
            Plateau = new ReduceLearningRateOnPlateau(options.LearningRatePatience, stages.Length == 0 ? 0 : stages[0].LearningRate),
            Threads = TorchSharp.torch.get_num_threads(),
        };

    private static bool IsOver(TrainingStage stage, TrainingState state) => state.Stopping.ShouldStop || state.Epochs.Length >= stage.EpochLimit;

    private TrainingState NextStage(TrainingState state)
    {
        var next = state.Stage + 1;
        return state with
        {
            Stage = next,
            StageStart = state.Epochs.Length,
            Stopping = state.Stopping.Restarted(),
            Plateau = state.Plateau.Restarted(next < _stages.Length ? _stages[next].LearningRate : 0),
            Iterations = 0,
            AverageSteps = 0,
        };
    }

    private (TrainingState State, KeptWeights? Best) Epoch(
        StageRun run, TrainingStage stage, TrainingState state, KeptWeights? bestBefore, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        state = Mined(run, state, cancellation);
        var training = Steps(run, stage, state, cancellation);
        run.Average?.Swap();
        var validation = _validator.Run(run.Network, cancellation);
        var score = _options.BestBy == BestCriterion.Auc ? validation.Auc : validation.Accuracy;
        var best = state.Best.After(state.Epochs.Length + 1, score);
        var isBest = !ReferenceEquals(best, state.Best);
        var loss = validation.CrossEntropy + run.Step.Penalty;
        if (!double.IsFinite(loss))
            throw DivergedAfter(state.Epochs.Length + 1, loss);
        var kept = isBest ? KeptWeights.Of(run.Network) : bestBefore;
        run.Average?.Swap();

        var record = new EpochRecord
        {
            Epoch = state.Epochs.Length + 1,
            Stage = stage.Name,
            Loss = training.Loss,
            Accuracy = training.Accuracy,
            ValidationLoss = loss,
            ValidationCrossEntropy = validation.CrossEntropy,
            ValidationAccuracy = validation.Accuracy,
            Auc = validation.Auc,
            ClassAuc = validation.ClassAuc,
            LearningRate = training.LearningRate,
            IsBest = isBest,
            HardNegative = state.HardNegatives.Length,
            HardNegativeScore = state.HardNegatives.IsEmpty ? null : state.HardNegatives.Average(place => place.Score),
            Seconds = watch.Elapsed.TotalSeconds,
            ImagesPerSecond = training.Samples / training.Seconds,
            WaitingShare = training.Waiting / training.Seconds,
        };
        var after = state with
        {
            Stopping = state.Stopping.After(loss),
            Plateau = _options.Optimizer == OptimizerKind.Sgd ? state.Plateau.After(loss) : state.Plateau,
            Best = best,
            Iterations = run.Optimizer.Iterations,
            AverageSteps = run.Average?.Steps ?? 0,
            Epochs = state.Epochs.Add(record),
        };
        return (after, kept);
    }

    // The network that is validated and kept is asked.
    private TrainingState Mined(StageRun run, TrainingState state, CancellationToken cancellation)
    {
        if (HardNegatives is null)
            return state;
        if (HardNegatives.IsDue(state.Epochs.Length))
        {
            run.Average?.Swap();
            try
            {
                state = state with { HardNegatives = HardNegatives.Mine(state, KeptWeights.Of(run.Network), cancellation) };
            }
            finally
            {
                run.Average?.Swap();
            }
        }

        HardNegatives.Use(state.HardNegatives, cancellation);
        return state;
    }

    // Such weights must not become the newest checkpoint: nothing could go on from it.
    private static MammoException DivergedAfter(int epoch, double loss) => new(
        ErrorIds.TrainingDiverged,
        FormattableString.Invariant($"The validation loss after epoch {epoch} is {loss}."),
        "Lower the learning rate, check the rescale factor and mean, or clip gradients; the model has the best epoch's weights before it, or its own "
            + "where there was none.");

    private EpochTotals Steps(StageRun run, TrainingStage stage, TrainingState state, CancellationToken cancellation)
    {
        var totals = new EpochTotals();
        var schedule = new LearningRateSchedule(
            (long)(stage.EpochLimit - state.StageStart) * StepsInEpoch, (long)(_options.WarmUpEpoch * StepsInEpoch), _options.CosineSchedule);
        var epoch = state.Epochs.Length;
        var batches = _source.Batches((long)epoch * BatchesInEpoch, BatchesInEpoch, cancellation);
        foreach (var parts in totals.TimeWaiting(batches.Chunk(_options.AccumulateStep)))
        {
            cancellation.ThrowIfCancellationRequested();
            var rate = state.Plateau.LearningRate * schedule.Factor(((long)(epoch - state.StageStart) * StepsInEpoch) + totals.Steps);
            totals.Add(run.Step.Run(parts, rate, ((long)epoch * StepsInEpoch) + totals.Steps, cancellation), rate);
            run.Average?.Update();
            _observer.Progress?.Invoke(_clock.Progress(state.Stage, epoch, totals));
        }

        return totals;
    }
}
