using System.Text;
using NetVips;

namespace Mammo.Data.Files;

/// <summary>Pictures of drawings: SVG to PNG by libvips, which brings librsvg along. Only for drawings of Mammo's own.</summary>
public static class SvgPicture
{
    private const string Word = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'><text x='2' y='15' font-size='14'>Mx</text></svg>";

    private static readonly Lazy<bool> HasFonts = new(() => Draws(Word));

    /// <summary>A PNG of 8 bits a colour, on white where the drawing is clear.</summary>
    /// <param name="svg">The drawing.</param>
    /// <param name="scale">Pixels of the picture for each of the drawing.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ImageLibraryUnavailable"/>: libvips cannot be loaded. <see cref="ErrorIds.FontMissing"/>: this system has no fonts, so that
    /// the text
    /// would be missing.
    /// </exception>
    public static byte[] Png(string svg, double scale)
    {
        ArgumentException.ThrowIfNullOrEmpty(svg);
        using var drawing = Draw(svg, scale);
        using var opaque = drawing.Flatten(background: [255, 255, 255]);
        return opaque.PngsaveBuffer(compression: 6, keep: Enums.ForeignKeep.None);
    }

    /// <summary>Red, green and blue of each pixel, row by row, on white where the drawing is clear.</summary>
    /// <param name="svg">The drawing.</param>
    /// <exception cref="MammoException">Those of <see cref="Png"/>.</exception>
    public static RgbPicture Rgb(string svg)
    {
        ArgumentException.ThrowIfNullOrEmpty(svg);
        using var drawing = Draw(svg, 1);
        using var opaque = drawing.Flatten(background: [255, 255, 255]);
        return new RgbPicture(opaque.Height, opaque.Width, opaque.WriteToMemory<byte>());
    }

    /// <summary>The drawing as red, green, blue and opacity.</summary>
    internal static Image Draw(string svg, double scale)
    {
        VipsLibrary.Require();
        if (!HasFonts.Value)
        {
            throw new MammoException(
                ErrorIds.FontMissing,
                "This system has no fonts, so that the text of the picture would be missing.",
                "Install fonts (fonts-dejavu-core), or write SVG.");
        }

        return Image.SvgloadBuffer(Encoding.UTF8.GetBytes(svg), scale: scale, unlimited: true);
    }

    private static bool Draws(string svg)
    {
        using var drawing = Image.SvgloadBuffer(Encoding.UTF8.GetBytes(svg));
        using var opacity = drawing[3];
        return opacity.Max() > 0;
    }
}

/// <summary>A picture in colour.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Pixels">Rows × columns × (red, green, blue).</param>
public sealed record RgbPicture(int Rows, int Columns, byte[] Pixels);
