using System.Collections.Immutable;
using Mammo.Evaluation.Bootstrap;
using Mammo.Evaluation.Measurement;
using Mammo.Evaluation.Numerics;
using Mammo.Evaluation.Roc;

namespace Mammo.Evaluation.Comparison;

/// <summary>Whether a second model does better than a first on the same samples.</summary>
public sealed record ModelComparison
{
    private ModelComparison(PairedSet pair, ImmutableArray<StatisticDifference> differences, ImmutableArray<McNemar> decisions)
    {
        (Unit, Count, Positives) = (pair.First.Unit, pair.First.Count, pair.First.PositiveCount);
        (Images, Breasts, Patients) = (pair.First.ImageCount, pair.First.BreastCount, pair.First.HasPatients ? pair.First.PatientCount : null);
        (Differences, Decisions) = (differences, decisions);
    }

    /// <summary>What one sample is.</summary>
    public EvaluationUnit Unit { get; }

    /// <summary>Number of samples.</summary>
    public int Count { get; }

    /// <summary>Samples of the positive class.</summary>
    public int Positives { get; }

    /// <summary>Number of images from which the samples were made.</summary>
    public int Images { get; }

    /// <summary>Number of breasts; null when sides are not known.</summary>
    public int? Breasts { get; }

    /// <summary>Number of patients; null when they are not known.</summary>
    public int? Patients { get; }

    /// <summary>Every statistic of both models with its difference.</summary>
    public ImmutableArray<StatisticDifference> Differences { get; }

    /// <summary>McNemar's tests of sensitivity and specificity; empty without thresholds.</summary>
    public ImmutableArray<McNemar> Decisions { get; }

    /// <summary>The difference of a statistic.</summary>
    public StatisticDifference this[Statistic statistic] => Differences[(int)statistic];

    /// <summary>Compares two models.</summary>
    /// <param name="pair">Their scores.</param>
    /// <param name="thresholds">The threshold of each, chosen on validation; null for no comparison of decisions.</param>
    /// <param name="options">Bootstrap and seed; the rest has no effect. Null for no bootstrap.</param>
    /// <param name="cancellation">Ends a bootstrap.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.EvaluationOptionInvalid"/>: an option is out of its range.</exception>
    public static ModelComparison Of(
        PairedSet pair, (double First, double Second)? thresholds = null, EvaluationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(pair);
        options ??= new EvaluationOptions();
        options.Check();
        ImmutableArray<StatisticDifference> differences = pair.First.Count == 0
            ? [.. Enum.GetValues<Statistic>().Select(statistic => new StatisticDifference(statistic, null, null, Estimate.None(Reasons.Empty), []))]
            : Compare(pair, options, cancellation);
        ImmutableArray<McNemar> decisions = thresholds is var (first, second)
            ? [McNemar.Of(pair, first, second, positives: true), McNemar.Of(pair, first, second, positives: false)]
            : [];
        return new ModelComparison(pair, differences, decisions);
    }

    private static ImmutableArray<StatisticDifference> Compare(PairedSet pair, EvaluationOptions options, CancellationToken cancellation)
    {
        var (first, second) = (new SetStatistics(pair.First), new SetStatistics(pair.Second));
        var (values, others) = (new double[SetStatistics.Count], new double[SetStatistics.Count]);
        first.Compute([], values);
        second.Compute([], others);
        var draws = options.Bootstrap > 0 && pair.First.OneClass is null
            ? PatientBootstrap.Run(pair.First.PatientCount, SetStatistics.Count, options.Bootstrap, options.Seed, Worker, cancellation)
            : null;
        return [.. Enum.GetValues<Statistic>().Select(Difference)];

        DrawStatistics Worker()
        {
            var (mine, other, subtrahend) = (first.Copy(), second.Copy(), new double[SetStatistics.Count]);
            return (draws, differences) =>
            {
                other.Compute(draws, differences);
                mine.Compute(draws, subtrahend);
                for (var i = 0; i < subtrahend.Length; i++)
                    differences[i] -= subtrahend[i];
            };
        }

        StatisticDifference Difference(Statistic statistic)
        {
            var index = (int)statistic;
            double? Defined(SetStatistics of, double value) => of.Undefined(statistic) is null && double.IsFinite(value) ? value : null;
            var (a, b) = (Defined(first, values[index]), Defined(second, others[index]));
            if ((first.Undefined(statistic) ?? second.Undefined(statistic)) is { } reason)
                return new StatisticDifference(statistic, a, b, Estimate.None(reason), []);
            var difference = others[index] - values[index];
            if (!double.IsFinite(difference))
                return new StatisticDifference(statistic, a, b, Estimate.None(Reasons.NoFit), []);
            ImmutableArray<Interval> intervals = [];
            ImmutableArray<PairedTest> tests = [];
            if (statistic == Statistic.Auc && !pair.First.IsWeighted)
            {
                bool[] kinds = pair.First.HasPatients ? [true, false] : [false];
                var deLong = kinds.Select(byPatient => PairedDeLong(pair, byPatient)).ToArray();
                (intervals, tests) = ([.. deLong.Select(result => result.Interval)], [.. deLong.Select(result => result.Test)]);
            }

            if (draws is not null)
            {
                var (bca, percentile) = BootstrapIntervals.Of(difference, draws.Replicates[index], draws.LeftOut[index]);
                (intervals, tests) = ([.. intervals, bca, percentile], [.. tests, BootstrapTest(draws.Replicates[index], percentile)]);
            }

            return new StatisticDifference(statistic, a, b, Estimate.Of(difference, intervals), tests);
        }
    }

    private static (Interval Interval, PairedTest Test) PairedDeLong(PairedSet pair, bool byPatient)
    {
        var (method, test) = byPatient ? (IntervalMethod.DeLongByPatient, PairedTestMethod.DeLongByPatient) : (IntervalMethod.DeLong, PairedTestMethod.DeLong);
        var difference = DeLong.Of(pair.Second, byPatient).Minus(DeLong.Of(pair.First, byPatient));
        var error = Math.Sqrt(difference.Undefined(byPatient) is null ? difference.Variance() : 0);
        var reason = difference.Undefined(byPatient) ?? (error > 0 ? null : "the difference of the areas has no variance");
        if (reason is not null)
            return (Interval.None(method, reason), new PairedTest(test, null, reason));
        var half = NormalDistribution.Quantile975 * error;
        return (
            new Interval(method, Math.Max(-1, difference.Area - half), Math.Min(1, difference.Area + half)),
            new PairedTest(test, NormalDistribution.TwoSided(difference.Area / error)));
    }

    /// <summary>
    /// Twice the smaller share of replicates on one side of 0, the value itself counted as one more (Davison and Hinkley, Bootstrap Methods, 1997, section
    /// 4.2).
    /// </summary>
    private static PairedTest BootstrapTest(double[] replicates, Interval interval)
    {
        if (interval.Undefined is { } reason)
            return new PairedTest(PairedTestMethod.Bootstrap, null, reason);
        int below = 1, above = 1, count = 1;
        foreach (var replicate in replicates.Where(double.IsFinite))
            (below, above, count) = (below + (replicate <= 0 ? 1 : 0), above + (replicate >= 0 ? 1 : 0), count + 1);
        return new PairedTest(PairedTestMethod.Bootstrap, Math.Min(1, 2.0 * Math.Min(below, above) / count));
    }
}
