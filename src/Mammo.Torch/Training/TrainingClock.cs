using System.Collections.Immutable;
using System.Diagnostics;

namespace Mammo.Torch.Training;

/// <summary>Tells how far a training is and how long the rest will take at the speed so far, validation included.</summary>
internal sealed class TrainingClock(ImmutableArray<TrainingStage> stages, int stepsInEpoch)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly int _lastEpoch = stages.Select(stage => stage.EpochLimit).DefaultIfEmpty().Max();
    private double? _firstSeen;

    /// <summary>The report after a step.</summary>
    public TrainingProgress Progress(int stage, int epoch, EpochTotals totals)
    {
        var done = epoch + ((double)totals.Steps / stepsInEpoch);
        var first = _firstSeen ??= done;
        TimeSpan? remaining = done > first ? _watch.Elapsed * ((_lastEpoch - done) / (done - first)) : null;
        if (remaining is null)
            _watch.Restart();
        return new TrainingProgress(stages[stage].Name, epoch + 1, stages[stage].EpochLimit, totals.Steps, stepsInEpoch, totals.Loss, done / _lastEpoch, remaining);
    }
}
