using System.Globalization;
using Mammo.Evaluation.Numerics;
using Mammo.Evaluation.Sets;

namespace Mammo.Evaluation.Roc;

/// <summary>A 95% confidence interval of an area under the ROC curve.</summary>
/// <param name="Lower">Lower end, at least 0.</param>
/// <param name="Upper">Upper end, at most 1.</param>
/// <param name="StandardError">Standard error of the area.</param>
public sealed record AucInterval(double Lower, double Upper, double StandardError)
{
    /// <summary>
    /// The interval from the variance of the placements (DeLong, DeLong and Clarke-Pearson, Biometrics 44:837, 1988), which counts images as independent:
    /// several of one patient make it too narrow.
    /// </summary>
    /// <param name="scores">One score per sample, higher meaning more positive; no NaN.</param>
    /// <param name="positives">Whether each sample is positive.</param>
    /// <returns>Null with fewer than two positives or two negatives, or a NaN among the scores.</returns>
    public static AucInterval? Of(IReadOnlyList<double> scores, IReadOnlyList<bool> positives)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(positives);
        if (scores.Any(double.IsNaN))
            return null;
        var contributions = DeLong.Of(ScoredSet.Unchecked([.. scores], [.. positives], null), byPatient: false);
        if (contributions.Undefined(byPatient: false) is not null)
            return null;
        var (area, error) = (contributions.Area, Math.Sqrt(contributions.Variance()));
        var half = NormalDistribution.Quantile975 * error;
        return new AucInterval(Math.Max(0, area - half), Math.Min(1, area + half), error);
    }

    /// <summary>Both ends, invariant and in full precision, so that a CSV loses nothing.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Lower}-{Upper}");
}
