using System.Collections.Immutable;
using System.Diagnostics;

namespace Mammo.Torch.Training.Runs;

/// <summary>Sums over the steps of one epoch.</summary>
internal sealed class EpochTotals
{
    private readonly Stopwatch _all = Stopwatch.StartNew();
    private readonly Stopwatch _waiting = new();
    private double _loss;
    private int _correct;

    /// <summary>Steps so far.</summary>
    public int Steps { get; private set; }

    /// <summary>Samples so far.</summary>
    public int Samples { get; private set; }

    /// <summary>Mean loss, each step weighted by its samples as Keras's BaseLogger does.</summary>
    public double Loss => _loss / Samples;

    /// <summary>Share of samples classified rightly.</summary>
    public double Accuracy => (double)_correct / Samples;

    /// <summary>Learning rate of the last step.</summary>
    public double LearningRate { get; private set; }

    /// <summary>Seconds from the start of the epoch to the end of its last step.</summary>
    public double Seconds { get; private set; }

    /// <summary>Seconds of those spent waiting for batches.</summary>
    public double Waiting => _waiting.Elapsed.TotalSeconds;

    /// <summary>Adds a step.</summary>
    public void Add(StepResult step, double learningRate)
    {
        _loss += step.Loss * step.Samples;
        _correct += step.Correct;
        Samples += step.Samples;
        Steps++;
        LearningRate = learningRate;
        Seconds = _all.Elapsed.TotalSeconds;
    }

    /// <summary>The sequence, with the time that its consumer waits for each item measured.</summary>
    public IEnumerable<T> TimeWaiting<T>(IEnumerable<T> items)
    {
        _waiting.Start();
        foreach (var item in items)
        {
            _waiting.Stop();
            yield return item;
            _waiting.Start();
        }

        _waiting.Stop();
    }
}

/// <summary>How far a training is and how long the rest will take at the speed so far, validation included.</summary>
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
        return new TrainingProgress(
            stages[stage].Name, epoch + 1, stages[stage].EpochLimit, totals.Steps, stepsInEpoch, totals.Loss, done / _lastEpoch, remaining);
    }
}
