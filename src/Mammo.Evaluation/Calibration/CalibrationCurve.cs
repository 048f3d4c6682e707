using System.Collections.Immutable;
using Mammo.Evaluation.Numerics;
using Mammo.Evaluation.Sets;

namespace Mammo.Evaluation.Calibration;

/// <summary>How the bins of a calibration curve are cut.</summary>
public enum CalibrationBins
{
    /// <summary>Of equal width between 0 and 1.</summary>
    EqualWidth,

    /// <summary>At quantiles of the scores: about as many samples in each.</summary>
    EqualCount,
}

/// <summary>One bin of a calibration curve: scores above its lower end (the first: from it on) and up to its upper end.</summary>
/// <param name="Lower">Lower end.</param>
/// <param name="Upper">Upper end.</param>
/// <param name="Weight">Weight of the samples.</param>
/// <param name="MeanScore">Their mean score.</param>
/// <param name="PositiveShare">Share of them that is positive, with Wilson's interval by image.</param>
public sealed record CalibrationBin(double Lower, double Upper, double Weight, double MeanScore, Estimate PositiveShare);

/// <summary>Mean score against the share of positives, bin by bin; empty bins are left out. scikit-learn's <c>calibration_curve</c>.</summary>
/// <param name="Bins">The bins that have samples, in ascending order.</param>
public sealed record CalibrationCurve(ImmutableArray<CalibrationBin> Bins)
{
    /// <summary>The curve of a set whose scores are probabilities.</summary>
    /// <param name="set">The set.</param>
    /// <param name="count">Number of bins.</param>
    /// <param name="bins">How they are cut.</param>
    /// <exception cref="ArgumentException">The scores are not all in 0..1; see <see cref="ScoredSet.AreProbabilities"/>.</exception>
    public static CalibrationCurve Of(ScoredSet set, int count = 10, CalibrationBins bins = CalibrationBins.EqualWidth)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (set.Count == 0)
            return new CalibrationCurve([]);
        if (!set.AreProbabilities)
            throw new ArgumentException("The scores are not probabilities.", nameof(set));
        var edges = Edges(set, count, bins);
        var sums = BinSums.Of(set, edges);
        return new CalibrationCurve([.. Enumerable.Range(0, count).Where(bin => sums.Weight[bin] > 0).Select(bin => new CalibrationBin(
            edges[bin],
            edges[bin + 1],
            sums.Weight[bin],
            sums.Score[bin] / sums.Weight[bin],
            Proportion.Of(sums.Positive[bin], sums.Weight[bin], set.IsWeighted, Reasons.Empty)))]);
    }

    /// <summary>The ends of the bins: numpy's <c>linspace</c>, or its linearly interpolated quantiles.</summary>
    internal static double[] Edges(ScoredSet set, int count, CalibrationBins bins)
    {
        var edges = new double[count + 1];
        for (var i = 0; i <= count; i++)
        {
            var share = i == count ? 1 : i * (1.0 / count);
            edges[i] = bins == CalibrationBins.EqualWidth ? share : Quantile(set, share);
        }

        return edges;
    }

    private static double Quantile(ScoredSet set, double share)
    {
        var place = share * (set.Count - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, set.Count - 1);
        var (low, high) = (set.Ranking.ScoreAt(set.Count - 1 - below), set.Ranking.ScoreAt(set.Count - 1 - above));
        return low + ((high - low) * (place - below));
    }
}
