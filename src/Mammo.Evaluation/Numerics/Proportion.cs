namespace Mammo.Evaluation.Numerics;

/// <summary>Shares of counts with their intervals.</summary>
internal static class Proportion
{
    /// <summary>
    /// <paramref name="part"/> of <paramref name="whole"/> with Wilson's 95% score interval (JASA 22:209, 1927), without continuity correction,
    /// which takes the images as independent.
    /// </summary>
    /// <param name="part">Weight of those counted.</param>
    /// <param name="whole">Weight of all.</param>
    /// <param name="weighted">Whether the weights are other than 1, in which case there is no interval.</param>
    /// <param name="nothing">The reason that is given when <paramref name="whole"/> is 0.</param>
    public static Estimate Of(double part, double whole, bool weighted, string nothing)
    {
        if (!(whole > 0))
            return Estimate.None(nothing);
        return Estimate.Of(part / whole, weighted ? Interval.None(IntervalMethod.Wilson, Reasons.Weighted) : Wilson(part, whole));
    }

    /// <summary>Wilson's 95% score interval.</summary>
    public static Interval Wilson(double part, double whole)
    {
        const double Z = NormalDistribution.Quantile975;
        var p = part / whole;
        var centre = p + (Z * Z / (2 * whole));
        var half = Z * Math.Sqrt((p * (1 - p) / whole) + (Z * Z / (4 * whole * whole)));
        var scale = 1 + (Z * Z / whole);
        // Exactly 0 and 1 at the ends, where the difference leaves rounding.
        var (lower, upper) = (part <= 0 ? 0 : (centre - half) / scale, part >= whole ? 1 : (centre + half) / scale);
        return new Interval(IntervalMethod.Wilson, lower, upper);
    }
}
