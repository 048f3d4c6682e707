using Mammo.Evaluation.Calibration;
using Mammo.Evaluation.Sets;

namespace Mammo.Evaluation.Measurement;

/// <summary>
/// All statistics of a set, for the set itself and for draws of its patients. What does not depend on the draw is computed once and shared; the buffers
/// are an instance's own.
/// </summary>
internal sealed class SetStatistics
{
    /// <summary>Number of statistics.</summary>
    public static readonly int Count = Enum.GetValues<Statistic>().Length;

    /// <summary>Number of bins of the calibration error.</summary>
    public const int Bins = 10;

    /// <summary>False positive rate to which the partial area reaches.</summary>
    public const double PartialMaximum = 0.1;

    private readonly ScoredSet _set;
    private readonly RocCounts _counts;
    private readonly ProbabilitySums? _probabilities;
    private readonly BinSums? _bins;
    private readonly CalibrationLine? _line;

    /// <summary>For a set that has samples.</summary>
    public SetStatistics(ScoredSet set)
    {
        (_set, _counts) = (set, new RocCounts(set));
        if (!set.AreProbabilities)
            return;
        _probabilities = new ProbabilitySums(set);
        _bins = BinSums.Of(set, CalibrationCurve.Edges(set, Bins, CalibrationBins.EqualWidth));
        _line = new CalibrationLine(set);
    }

    private SetStatistics(SetStatistics other) =>
        (_set, _counts, _probabilities, _bins, _line) = (other._set, new RocCounts(other._set), other._probabilities, other._bins?.Copy(), other._line?.Copy());

    /// <summary>The counts of the last draw.</summary>
    public RocCounts Counts => _counts;

    /// <summary>The same with buffers of its own, for another thread.</summary>
    public SetStatistics Copy() => new(this);

    /// <summary>Computes every statistic.</summary>
    /// <param name="draws">How many times each patient was drawn; empty for once each.</param>
    /// <param name="values">One value for each <see cref="Statistic"/>, by its number; NaN where it is undefined.</param>
    public void Compute(ReadOnlySpan<int> draws, Span<double> values)
    {
        values[..Count].Fill(double.NaN);
        _counts.Fill(draws);
        double positives = _counts.Positives, negatives = _counts.Negatives;
        if (!(positives > 0 && negatives > 0))
            return;
        values[(int)Statistic.Auc] = _counts.Area();
        values[(int)Statistic.PartialAuc] = _counts.PartialArea(PartialMaximum);
        values[(int)Statistic.AveragePrecision] = _counts.AveragePrecision();
        values[(int)Statistic.SpecificityAtSensitivity80] = Specificity(0.8);
        values[(int)Statistic.SpecificityAtSensitivity90] = Specificity(0.9);
        values[(int)Statistic.SpecificityAtSensitivity95] = Specificity(0.95);
        values[(int)Statistic.SensitivityAtSpecificity80] = Sensitivity(0.8);
        values[(int)Statistic.SensitivityAtSpecificity90] = Sensitivity(0.9);
        values[(int)Statistic.SensitivityAtSpecificity95] = Sensitivity(0.95);
        var best = _counts.BestYouden();
        values[(int)Statistic.YoudenIndex] = (_counts.True[best] / positives) - (_counts.False[best] / negatives);
        if (_probabilities is null)
            return;
        (values[(int)Statistic.BrierScore], values[(int)Statistic.ProbabilisticF1]) = _probabilities.Compute(draws);
        _bins!.Fill(draws);
        values[(int)Statistic.CalibrationError] = _bins.Error();
        (values[(int)Statistic.CalibrationIntercept], values[(int)Statistic.CalibrationSlope]) = _line!.Fit(draws, slope: !_counts.Separated);
    }

    /// <summary>Why a statistic has no value; null when it has one.</summary>
    public string? Undefined(Statistic statistic)
    {
        if (_set.OneClass is { } reason)
            return reason;
        if (statistic is < Statistic.ProbabilisticF1 or > Statistic.CalibrationSlope)
            return null;
        if (_probabilities is null)
            return Reasons.NotProbabilities;
        return statistic switch
        {
            Statistic.ProbabilisticF1 when _set.Ranking.Highest <= 0 => Reasons.NoScore,
            Statistic.CalibrationSlope when _set.Counts.OneScore => Reasons.OneScore,
            Statistic.CalibrationSlope when _set.Counts.Separated => Reasons.Separated,
            _ => null,
        };
    }

    private double Specificity(double sensitivity) => 1 - (_counts.False[_counts.ReachSensitivity(sensitivity)] / _counts.Negatives);

    private double Sensitivity(double specificity) => _counts.True[_counts.KeepSpecificity(specificity)] / _counts.Positives;
}
