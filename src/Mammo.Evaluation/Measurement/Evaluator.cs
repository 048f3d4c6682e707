using System.Collections.Immutable;
using Mammo.Evaluation.Bootstrap;
using Mammo.Evaluation.Calibration;
using Mammo.Evaluation.Decisions;
using Mammo.Evaluation.Roc;
using Mammo.Evaluation.Sets;

namespace Mammo.Evaluation.Measurement;

/// <summary>
/// Measures scored sets. Without a bootstrap the time is that of one sort and some passes; with one, that of as many passes as there are replicates.
/// </summary>
public static class Evaluator
{
    /// <summary>Points of the grid of a band.</summary>
    private const int BandPoints = 101;

    /// <summary>Measures a set.</summary>
    /// <param name="set">The set.</param>
    /// <param name="options">How; null for no bootstrap and no thresholds.</param>
    /// <param name="cancellation">Ends a bootstrap.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.EvaluationOptionInvalid"/>: an option is out of its range.</exception>
    public static EvaluationResult Evaluate(ScoredSet set, EvaluationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        options ??= new EvaluationOptions();
        options.Check();
        var statistics = set.Count > 0 ? new SetStatistics(set) : null;
        var draws = options.Bootstrap > 0 && set.OneClass is null ? Draws(set, statistics!, options, cancellation) : null;
        ImmutableArray<OperatingPoint> points =
        [
            .. OperatingPoint.Standard(set),
            .. options.Thresholds.Select(threshold => OperatingPoint.At(set, threshold.Value, threshold.Name)),
        ];
        return new EvaluationResult
        {
            Unit = set.Unit,
            Count = set.Count,
            Positives = set.PositiveCount,
            Images = set.ImageCount,
            Breasts = set.BreastCount,
            Patients = set.HasPatients ? set.PatientCount : null,
            Statistics = Estimates(set, statistics, draws),
            OperatingPoints = points,
            PredictiveValues = options.Prevalence is { } prevalence ? [.. points.Select(point => PredictiveValues.Of(point, prevalence))] : [],
            Roc = set.Count > 0 ? RocCurve.Of(set) : null,
            RocBand = CurveBand.Of(draws, SetStatistics.Count, BandPoints),
            PrecisionRecallBand = CurveBand.Of(draws, SetStatistics.Count + BandPoints, BandPoints),
            Calibration = set.Count > 0 && set.AreProbabilities ? CalibrationCurve.Of(set) : null,
            Decision = DecisionCurve.Of(set, options.Prevalence),
            Options = options,
        };
    }

    private static PatientBootstrap Draws(ScoredSet set, SetStatistics statistics, EvaluationOptions options, CancellationToken cancellation)
    {
        return PatientBootstrap.Run(set.PatientCount, SetStatistics.Count + (2 * BandPoints), options.Bootstrap, options.Seed, Worker, cancellation);

        DrawStatistics Worker()
        {
            var own = statistics.Copy();
            return (draws, values) =>
            {
                own.Compute(draws, values);
                own.Counts.Sensitivities(values.Slice(SetStatistics.Count, BandPoints));
                own.Counts.Precisions(values.Slice(SetStatistics.Count + BandPoints, BandPoints));
            };
        }
    }

    private static EstimateTable<Statistic> Estimates(ScoredSet set, SetStatistics? statistics, PatientBootstrap? draws)
    {
        var values = new double[SetStatistics.Count];
        statistics?.Compute([], values);
        return new EstimateTable<Statistic>(Of);

        Estimate Of(Statistic statistic)
        {
            if (statistics is null)
                return Estimate.None(Reasons.Empty);
            if (statistics.Undefined(statistic) is { } reason)
                return Estimate.None(reason);
            var value = values[(int)statistic];
            if (!double.IsFinite(value))
                return Estimate.None(Reasons.NoFit);
            ImmutableArray<Interval> intervals = statistic == Statistic.Auc ? AucIntervals(set) : [];
            if (draws is null)
                return Estimate.Of(value, intervals);
            var (bca, percentile) = BootstrapIntervals.Of(value, draws.Replicates[(int)statistic], draws.LeftOut[(int)statistic]);
            return Estimate.Of(value, [.. intervals, bca, percentile]);
        }
    }

    private static ImmutableArray<Interval> AucIntervals(ScoredSet set)
    {
        if (set.IsWeighted)
            return [.. None(Reasons.Weighted), Interval.None(IntervalMethod.DeLong, Reasons.Weighted)];
        var byImage = DeLong.Of(set, byPatient: false).Symmetric(byPatient: false);
        if (!set.HasPatients)
            return [.. None(Reasons.NoPatients), byImage];
        var byPatient = DeLong.Of(set, byPatient: true);
        return [byPatient.OnLogit(), byPatient.Symmetric(byPatient: true), byImage];

        static Interval[] None(string reason) =>
            [Interval.None(IntervalMethod.DeLongByPatientLogit, reason), Interval.None(IntervalMethod.DeLongByPatient, reason)];
    }
}
