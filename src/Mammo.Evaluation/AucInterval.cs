using System.Globalization;

namespace Mammo.Evaluation;

/// <summary>A 95% confidence interval of an area under the ROC curve.</summary>
/// <param name="Lower">Lower end, at least 0.</param>
/// <param name="Upper">Upper end, at most 1.</param>
/// <param name="StandardError">Standard error of the area.</param>
public sealed record AucInterval(double Lower, double Upper, double StandardError)
{
    // The 97.5% quantile of the normal distribution.
    private const double Quantile = 1.959963984540054;

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
        double[] above = [.. scores.Where((_, i) => positives[i]).Order()];
        double[] below = [.. scores.Where((_, i) => !positives[i]).Order()];
        if (above.Length < 2 || below.Length < 2 || scores.Any(double.IsNaN))
            return null;
        double[] ofPositives = [.. above.Select(score => Placement(score, below))];
        double[] ofNegatives = [.. below.Select(score => 1 - Placement(score, above))];
        var error = Math.Sqrt((Variance(ofPositives) / above.Length) + (Variance(ofNegatives) / below.Length));
        var area = ofPositives.Average();
        return new AucInterval(Math.Max(0, area - (Quantile * error)), Math.Min(1, area + (Quantile * error)), error);
    }

    /// <summary>Both ends, invariant and in full precision, so that a CSV loses nothing.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Lower}-{Upper}");

    /// <summary>Share of the sorted others that lie below a score, equal ones counting one half.</summary>
    private static double Placement(double score, double[] others) =>
        (Position(others, score, orEqual: false) + Position(others, score, orEqual: true)) / (2.0 * others.Length);

    /// <summary>Number of sorted values below a score, or not above it.</summary>
    private static int Position(double[] sorted, double score, bool orEqual)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < score || (orEqual && sorted[middle] == score))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }
}
