namespace Mammo.Evaluation.Numerics;

/// <summary>The standard normal distribution, to 1e-12 relative also far out in its tails.</summary>
internal static class NormalDistribution
{
    /// <summary>The 97.5% quantile, to which 95% intervals reach.</summary>
    public const double Quantile975 = 1.959963984540054;

    // Below, the series has no cancellation that matters; above, the continued fraction needs fewer than 100 terms.
    private const double SeriesEnd = 1.5;

    /// <summary>Probability of a value at most <paramref name="x"/>.</summary>
    public static double Cdf(double x) => 0.5 * ComplementaryError(-x / Math.Sqrt(2));

    /// <summary>Probability of a value at least as far from 0 as <paramref name="z"/>: the two-sided p-value of a z statistic.</summary>
    public static double TwoSided(double z) => ComplementaryError(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>The value that is not exceeded with probability <paramref name="p"/>; infinite for 0 and 1.</summary>
    public static double Quantile(double p)
    {
        if (p > 0.5)
            return -Quantile(1 - p);
        if (!(p > 0))
            return p == 0 ? double.NegativeInfinity : double.NaN;
        // Hastings' approximation (Abramowitz and Stegun 26.2.22, error below 0.003), then Halley's method; three steps leave rounding only.
        var t = Math.Sqrt(-2 * Math.Log(p));
        var x = ((2.30753 + (0.27061 * t)) / (1 + (t * (0.99229 + (0.04481 * t))))) - t;
        for (var step = 0; step < 3; step++)
        {
            var error = (Cdf(x) - p) * Math.Sqrt(2 * Math.PI) * Math.Exp(x * x / 2);
            x -= error / (1 + (x * error / 2));
        }

        return x;
    }

    /// <summary>1 − erf(x): the series of DLMF 7.6.2 in the middle, the continued fraction of DLMF 7.9.1 outside.</summary>
    private static double ComplementaryError(double x)
    {
        if (x < 0)
            return 2 - ComplementaryError(-x);
        if (x < SeriesEnd)
        {
            double term = x, sum = x;
            for (var n = 1; term > sum * 1e-17; n++)
                sum += term *= 2 * x * x / ((2 * n) + 1);
            return 1 - (2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum);
        }

        // From the far end: x + (1/2)/(x + 1/(x + (3/2)/(x + …))).
        var fraction = x;
        for (var n = 200; n >= 1; n--)
            fraction = x + (n / 2.0 / fraction);
        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * fraction);
    }
}
