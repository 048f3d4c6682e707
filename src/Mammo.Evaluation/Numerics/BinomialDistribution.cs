namespace Mammo.Evaluation.Numerics;

/// <summary>
/// The binomial distribution and exact bounds from it. Tails are summed term by term from the largest, so a call takes in the order of √n steps.
/// </summary>
internal static class BinomialDistribution
{
    /// <summary>Probability of at most <paramref name="k"/> successes in <paramref name="n"/> trials of probability <paramref name="p"/>.</summary>
    public static double AtMost(long k, long n, double p) => AtMost(k, n, p, 1 - p);

    /// <summary>Probability of at least <paramref name="k"/> successes: of at most n − k failures.</summary>
    public static double AtLeast(long k, long n, double p) => AtMost(n - k, n, 1 - p, p);

    /// <summary>
    /// The largest probability that <paramref name="k"/> successes in <paramref name="n"/> trials do not refute at level <paramref name="alpha"/>: the
    /// one-sided upper bound of Clopper and Pearson (Biometrika 26:404, 1934).
    /// </summary>
    public static double UpperBound(long k, long n, double alpha)
    {
        if (k >= n)
            return 1;
        double low = 0, high = 1;
        // Until the ends are neighbours: 60 halvings, and some more for a bound near 0.
        while (true)
        {
            var middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high)
                return high;
            if (AtMost(k, n, middle) > alpha)
                low = middle;
            else
                high = middle;
        }
    }

    /// <summary>The one-sided lower bound of Clopper and Pearson.</summary>
    public static double LowerBound(long k, long n, double alpha) => 1 - UpperBound(n - k, n, alpha);

    // The probability of a failure is carried along: 1 − (1 − p) would lose the digits of a small p.
    private static double AtMost(long k, long n, double p, double q)
    {
        if (k < 0)
            return 0;
        if (k >= n)
            return 1;
        return k < n * p ? LowerTail(k, n, p, q) : 1 - LowerTail(n - k - 1, n, q, p);
    }

    /// <summary>P(X ≤ k) for k below the mean, where the terms shrink towards 0.</summary>
    private static double LowerTail(long k, long n, double p, double q)
    {
        var term = Mass(k, n, p, q);
        var sum = term;
        for (var i = k; i > 0 && term > sum * 1e-18; i--)
            sum += term *= i * q / ((n - i + 1) * p);
        return Math.Min(1, sum);
    }

    /// <summary>
    /// P(X = k) by Loader's saddle-point expansion ("Fast and accurate computation of binomial probabilities", 2000), exact to rounding for any n.
    /// </summary>
    private static double Mass(long k, long n, double p, double q)
    {
        if (p <= 0 || q <= 0)
            return k == (p <= 0 ? 0 : n) ? 1 : 0;
        if (k == 0)
            return Math.Exp(n * Log(q, p));
        if (k == n)
            return Math.Exp(n * Log(p, q));
        var log = StirlingError(n) - StirlingError(k) - StirlingError(n - k) - Deviance(k, n * p) - Deviance(n - k, n * q);
        return Math.Exp(log) * Math.Sqrt(n / (2 * Math.PI * k * (n - k)));
    }

    /// <summary>ln n! minus Stirling's formula.</summary>
    private static double StirlingError(long n)
    {
        if (n <= 15)
        {
            double factorial = 1;
            for (var i = 2; i <= n; i++)
                factorial *= i;
            return Math.Log(factorial) - ((n + 0.5) * Math.Log(n)) + n - (0.5 * Math.Log(2 * Math.PI));
        }

        double square = (double)n * n;
        return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / square) / square) / square) / square) / n;
    }

    /// <summary>x ln(x/m) + m − x, without cancellation where x is near m.</summary>
    private static double Deviance(double x, double m)
    {
        if (Math.Abs(x - m) >= 0.1 * (x + m))
            return (x * Math.Log(x / m)) + m - x;
        var v = (x - m) / (x + m);
        var sum = (x - m) * v;
        var term = 2 * x * v;
        for (var j = 1; ; j++)
        {
            term *= v * v;
            var next = sum + (term / ((2 * j) + 1));
            if (next == sum)
                return sum;
            sum = next;
        }
    }

    /// <summary>ln p, from the complement where p is near 1 (Kahan's ln(1 + x)).</summary>
    private static double Log(double p, double complement)
    {
        if (p < 0.5)
            return Math.Log(p);
        var rounded = 1 - complement;
        return rounded == 1 ? -complement : Math.Log(rounded) * complement / (1 - rounded);
    }
}
