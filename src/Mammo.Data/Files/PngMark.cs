using System.Globalization;
using NetVips;

namespace Mammo.Data.Files;

/// <summary>
/// A text in a PNG file that says that its grey values are local contrast, and of which deviation: whoever reads the file does not make it again. Where the
/// text says so too, the upper half of the file is the z-score in the breast, and the lower half the local contrast.
/// </summary>
internal static class PngMark
{
    // libvips' name of the first text of a PNG file, with the text's keyword, which has no blanks.
    private const string Field = "png-comment-0-MammoLocalContrast";

    private const string Above = " below z-score";

    /// <summary>The image with the mark.</summary>
    public static Image On(Image image, double sigma, bool zScore) =>
        image.Mutate(marked => marked.Set(GValue.GStrType, Field, sigma.ToString("R", CultureInfo.InvariantCulture) + (zScore ? Above : "")));

    /// <summary>What the mark says; null without one.</summary>
    public static (double Sigma, bool ZScore)? Of(Image image)
    {
        if (!image.Contains(Field) || image.Get(Field) is not string text)
            return null;
        var zScore = text.EndsWith(Above, StringComparison.Ordinal);
        return double.TryParse(zScore ? text[..^Above.Length] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out var sigma)
            && sigma > 0 && double.IsFinite(sigma) ? (sigma, zScore) : null;
    }
}
