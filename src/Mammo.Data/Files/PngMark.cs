using System.Globalization;
using NetVips;

namespace Mammo.Data.Files;

/// <summary>
/// A text in a PNG file that says that its grey values are local contrast, and of which deviation: whoever reads the file does not make it again.
/// </summary>
internal static class PngMark
{
    // libvips' name of the first text of a PNG file, with the text's keyword, which has no blanks.
    private const string Field = "png-comment-0-MammoLocalContrast";

    /// <summary>The image with the mark.</summary>
    public static Image On(Image image, double sigma) =>
        image.Mutate(marked => marked.Set(GValue.GStrType, Field, sigma.ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>What the mark says; null without one.</summary>
    public static double? Of(Image image) =>
        image.Contains(Field) && double.TryParse(image.Get(Field) as string, NumberStyles.Float, CultureInfo.InvariantCulture, out var sigma)
            && sigma > 0 && double.IsFinite(sigma) ? sigma : null;
}
