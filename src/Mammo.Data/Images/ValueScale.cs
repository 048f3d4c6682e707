namespace Mammo.Data.Images;

/// <summary>On which scale a network was given its images: 0..255 as the original, 0..1 and 0..2 (then -1..1) as most networks of Keras and PyTorch.</summary>
public static class ValueScale
{
    /// <summary>The original's.</summary>
    public const double Original = 255;

    // 1/255 and 255/65535 differ by 0.8%; factors are written with four digits or more.
    private const double Same = 0.002;

    private static readonly double[] StoredMaxima = [255, 65535, 4095, 1023, 16383];
    private static readonly double[] Tops = [255, 1, 2];

    /// <summary>The value that white has after scaling, by the factor: 1/255 of 8 bits makes 1, 1/127.5 makes 2, 255/65535 of 16 bits makes 255.</summary>
    /// <param name="targetScale">What each image's own maximum becomes before the factor; null for none.</param>
    /// <param name="factor">The rescale factor; null for none.</param>
    /// <param name="mean">The mean that is subtracted; one that no value could reach shows that the scale is the original's.</param>
    public static double Top(double? targetScale, double? factor, double? mean)
    {
        if (targetScale is { } scale)
            return scale * (factor ?? 1) is > 0 and var top ? top : Original;
        if (factor is not { } by)
            return Original;
        return Tops.Where(top => !(mean > top) && Array.Exists(
            StoredMaxima, stored => Math.Abs(stored * by / top - 1) < Same)).DefaultIfEmpty(Original).First();
    }
}
