using Mammo.Evaluation.Numerics;

namespace Mammo.Evaluation.Bootstrap;

/// <summary>95% intervals from bootstrap replicates.</summary>
internal static class BootstrapIntervals
{
    // Where a statistic is undefined in more replicates than this, those that have one are no fair sample.
    private const double UndefinedLimit = 0.1;

    /// <summary>The bias-corrected and accelerated interval and the percentile interval, in this order.</summary>
    /// <param name="value">The value of the statistic.</param>
    /// <param name="replicates">Its replicates, NaN where it is undefined; not changed.</param>
    /// <param name="leftOut">Its values without each patient.</param>
    public static (Interval Bca, Interval Percentile) Of(double value, double[] replicates, double[] leftOut)
    {
        double[] sorted = [.. replicates.Where(double.IsFinite).Order()];
        if (Complaint(sorted, replicates.Length) is { } reason)
            return (Interval.None(IntervalMethod.BootstrapBca, reason), Interval.None(IntervalMethod.BootstrapPercentile, reason));
        return (Bca(value, sorted, leftOut), new Interval(IntervalMethod.BootstrapPercentile, Quantile(sorted, 0.025), Quantile(sorted, 0.975)));
    }

    /// <summary>The quantile of sorted values, by linear interpolation between neighbours, as numpy's <c>quantile</c>.</summary>
    public static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }

    /// <summary>Whether a statistic is undefined in too many replicates.</summary>
    public static bool TooFew(double[] defined, int replicates) => defined.Length < replicates * (1 - UndefinedLimit);

    private static string? Complaint(double[] sorted, int replicates)
    {
        if (TooFew(sorted, replicates))
            return FormattableString.Invariant($"it is undefined in {replicates - sorted.Length} of {replicates} bootstrap replicates");
        return sorted[0] == sorted[^1] ? Reasons.NoVariance : null;
    }

    /// <summary>
    /// Efron, JASA 82:171, 1987: the shares at which the percentiles are taken are moved by the median's bias and by the skewness of the values without
    /// each patient.
    /// </summary>
    private static Interval Bca(double value, double[] sorted, double[] leftOut)
    {
        double below = 0, equal = 0;
        foreach (var replicate in sorted)
        {
            below += replicate < value ? 1 : 0;
            equal += replicate == value ? 1 : 0;
        }

        var bias = NormalDistribution.Quantile((below + (equal / 2)) / sorted.Length);
        if (!double.IsFinite(bias))
            return Interval.None(IntervalMethod.BootstrapBca, "all bootstrap replicates are on one side of the value");
        double[] defined = [.. leftOut.Where(double.IsFinite)];
        var mean = defined.DefaultIfEmpty().Average();
        double squares = 0, cubes = 0;
        foreach (var without in defined)
        {
            var distance = mean - without;
            squares += distance * distance;
            cubes += distance * distance * distance;
        }

        if (!(squares > 0))
            return Interval.None(IntervalMethod.BootstrapBca, Reasons.NoVariance);
        var acceleration = cubes / (6 * Math.Pow(squares, 1.5));
        var (lower, upper) = (Share(-NormalDistribution.Quantile975), Share(NormalDistribution.Quantile975));
        return new Interval(IntervalMethod.BootstrapBca, Quantile(sorted, lower), Quantile(sorted, upper));

        double Share(double z) => NormalDistribution.Cdf(bias + ((bias + z) / (1 - (acceleration * (bias + z)))));
    }
}
