namespace Mammo.Codecs.Jpeg2000;

/// <summary>
/// Grey images of JPEG 2000 Part 1 (ITU-T T.800, ISO/IEC 15444-1), 1 to 16 bits: bare codestreams, and those in JP2 files. The 5/3 transform gives
/// bit for bit what was encoded; the 9/7 is done in single precision with the gains of the standard. HTJ2K (Part 15) and Part 2 are refused by name.
/// </summary>
public static class Jpeg2000Decoder
{
    /// <summary>
    /// Four mammograms of the largest kind. A sample takes six bytes while it is decoded, so that a small file that claims to be large takes less
    /// than a gigabyte.
    /// </summary>
    private const int MostSamples = 100_000_000;

    /// <summary>The samples of an image of one component; the same ones whatever the number of threads.</summary>
    /// <param name="stream">A whole codestream from its start marker (FF4F), or a JP2 file; fragments are joined.</param>
    /// <param name="pixelLimit">Rows x columns above which the stream is refused.</param>
    /// <param name="threads">Threads that decode at the same time, at most.</param>
    /// <exception cref="CodecException">The stream is damaged, incomplete, too large, in colour, or of a kind that is not read.</exception>
    public static CodecImage Decode(ReadOnlyMemory<byte> stream, long pixelLimit, int threads = 1)
    {
        var codestream = Codestream.Read(Boxes.FindCodestream(stream));
        var components = codestream.Size.Components;
        if (components.Length > 1)
            throw new CodecException($"the JPEG 2000 stream has {components.Length} components, which is not grey", isUnsupported: true);
        if (components[0].StepX > 1 || components[0].StepY > 1)
            throw new CodecException("the JPEG 2000 stream is subsampled, which is not read", isUnsupported: true);
        return Decode(codestream, pixelLimit, threads)[0];
    }

    /// <summary>All components, each in its own size.</summary>
    internal static CodecImage[] DecodeComponents(ReadOnlyMemory<byte> stream, long pixelLimit, int threads = 1) =>
        Decode(Codestream.Read(Boxes.FindCodestream(stream)), pixelLimit, threads);

    private static CodecImage[] Decode(Codestream codestream, long pixelLimit, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var size = codestream.Size;
        var areas = size.Components.Select((_, i) => size.Component(i)).ToArray();
        var (samples, limit) = (areas.Sum(area => area.Count), Math.Min(pixelLimit, MostSamples));
        if (samples > limit)
            throw new CodecException(FormattableString.Invariant($"{areas[0].Width} x {areas[0].Height} pixels are more than the limit of {limit}"));
        var images = areas.Zip(size.Components, (area, component) =>
            new CodecImage(area.Width, area.Height, component.Precision, component.IsSigned, new ushort[area.Count])).ToArray();
        var decoder = new TileDecoder(codestream, threads);
        foreach (var tile in codestream.Tiles.Keys)
            decoder.Decode(tile, images);
        return images;
    }
}
