namespace Mammo.Networks.Architectures;

/// <summary>
/// Inverse of the normal distribution function by PPND16 (Wichura, Algorithm AS 241, Applied Statistics 37, 1988), accurate to about 1e-16 relative.
/// </summary>
/// <remarks>
/// Only additions, multiplications, divisions and square roots, which IEEE 754 fixes to the last bit (.NET does not fuse them);
/// a library's logarithm may differ between platforms, so the tail has its own.
/// </remarks>
internal static class NormalQuantile
{
    private const double CentralHalfWidth = 0.425;
    private const double LogTwo = 0.69314718055994530942;
    private const double SquareRootOfTwo = 1.41421356237309504880;

    private static ReadOnlySpan<double> CentralNumerator =>
    [
        2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
        13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
    ];

    private static ReadOnlySpan<double> CentralDenominator =>
    [
        5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
        5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1,
    ];

    private static ReadOnlySpan<double> TailNumerator =>
    [
        7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
        3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
    ];

    private static ReadOnlySpan<double> TailDenominator =>
    [
        1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
        0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1,
    ];

    // 1/(2k+1): the series of the inverse hyperbolic tangent.
    private static ReadOnlySpan<double> ArtanhSeries =>
        [1.0 / 23, 1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3, 1];

    /// <summary>The quantile at probability 0.5 + q; |q| up to 0.4999999, where the algorithm's far tail begins.</summary>
    public static double AtDistanceFromHalf(double q)
    {
        if (Math.Abs(q) <= CentralHalfWidth)
        {
            var s = (CentralHalfWidth * CentralHalfWidth) - (q * q);
            return q * Polynomial(CentralNumerator, s) / Polynomial(CentralDenominator, s);
        }

        var r = Math.Sqrt(-Log(0.5 - Math.Abs(q))) - 1.6;
        var x = Polynomial(TailNumerator, r) / Polynomial(TailDenominator, r);
        return q < 0 ? -x : x;
    }

    /// <summary>Natural logarithm of a number in (0, 1) that is not subnormal.</summary>
    /// <remarks>Exponent and mantissa apart; for the mantissa m in [√½, √2], log m = 2 artanh((m - 1) / (m + 1)).</remarks>
    private static double Log(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (mantissa > SquareRootOfTwo)
            (mantissa, exponent) = (mantissa / 2, exponent + 1);
        var s = (mantissa - 1) / (mantissa + 1);
        return (exponent * LogTwo) + (2 * s * Polynomial(ArtanhSeries, s * s));
    }

    private static double Polynomial(ReadOnlySpan<double> coefficients, double x)
    {
        var sum = coefficients[0];
        for (var i = 1; i < coefficients.Length; i++)
            sum = (sum * x) + coefficients[i];
        return sum;
    }
}
