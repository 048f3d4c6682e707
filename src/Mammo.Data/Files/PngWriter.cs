using Mammo.Data.Images;
using NetVips;

namespace Mammo.Data.Files;

/// <summary>Writes grey images as PNG of 8 or 16 bits, pixel for pixel and the same bytes every time; two planes one below the other.</summary>
public static class PngWriter
{
    /// <summary>Writes a file whole or not at all, replacing one of that name.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>.</exception>
    public static void Write(string path, GreyImage image) => AtomicFile.Write(path, stream => stream.Write(Encode(image)));

    /// <summary>The bytes of the file.</summary>
    public static byte[] Encode(GreyImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        VipsLibrary.Require();
        var pixels = image.ZScore is { } zScore ? [.. zScore.Pixels, .. image.Pixels] : image.Pixels;
        var height = pixels.Length / image.Width;
        using var raw = image.BitDepth == 8
            ? Image.NewFromMemory(Array.ConvertAll(pixels, value => (byte)value), image.Width, height, 1, Enums.BandFormat.Uchar)
            : Image.NewFromMemory(pixels, image.Width, height, 1, Enums.BandFormat.Ushort);
        using var grey = raw.Copy(interpretation: image.BitDepth == 8 ? Enums.Interpretation.Bw : Enums.Interpretation.Grey16);
        if (image.LocalContrast is { } sigma)
            return Save(PngMark.On(grey, sigma, image.ZScore is not null), Enums.ForeignKeep.Other);
        return Save(grey, Enums.ForeignKeep.None);
    }

    private static byte[] Save(Image image, Enums.ForeignKeep keep) =>
        // Film grain hardly compresses: level 3 with the "up" filter is within 2% of level 9 in size and several times faster.
        image.PngsaveBuffer(compression: 3, filter: Enums.ForeignPngFilter.Up, keep: keep);
}
