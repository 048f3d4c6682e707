using System.Globalization;
using System.Numerics;

namespace Mammo.Data.Dicom.Writing;

/// <summary>Height and width of an image's pixels.</summary>
internal static class PixelShape
{
    /// <summary>What is written of square pixels.</summary>
    public const string Square = @"1\1";

    // Micrometres and a hundredth of them: finer than any detector's spacing is known.
    private const double Unit = 1e-5;
    private const double Least = 1e-4;

    private static readonly uint[] Spacings = [DicomTag.PixelSpacing, DicomTag.ImagerPixelSpacing, DicomTag.NominalScannedPixelSpacing];

    /// <summary>Their ratio as <c>height\width</c> in whole numbers (PS3.3, C.7.6.3.1.7); square where nothing usable is said.</summary>
    /// <param name="image">The image's data set.</param>
    public static string Of(DicomDataSet image)
    {
        foreach (var tag in Spacings)
        {
            if (Pair(image, tag) is var (height, width))
                return Ratio(height / Unit, width / Unit);
        }

        return Pair(image, DicomTag.PixelAspectRatio) is var (high, wide) ? Ratio(high, wide) : Square;
    }

    private static (double Height, double Width)? Pair(DicomDataSet image, uint tag) =>
        image.Codes(tag) is [var first, var second, ..] && Number(first) is { } height && Number(second) is { } width ? (height, width) : null;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 && double.IsFinite(number) ? number : null;

    private static string Ratio(double height, double width)
    {
        var (high, wide) = (Math.Round(height), Math.Round(width));
        if (Math.Abs((height / width) - 1) < Least || high < 1 || wide < 1 || high > int.MaxValue || wide > int.MaxValue)
            return Square;
        var common = (long)BigInteger.GreatestCommonDivisor((long)high, (long)wide);
        return string.Create(CultureInfo.InvariantCulture, $@"{(long)high / common}\{(long)wide / common}");
    }
}
