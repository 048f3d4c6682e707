namespace Mammo.Codecs.Jpeg2000;

/// <summary>
/// Decodes grey images of JPEG 2000 Part 1 (ITU-T T.800, ISO/IEC 15444-1): bare codestreams, and those in JP2 files. The 5/3 transform gives exactly what was encoded, the 9/7
/// is done in single precision with the gains of the standard. High-throughput blocks (Part 15) and the extensions of Part 2 are refused by name.
/// </summary>
public static class Jpeg2000Decoder
{
    /// <summary>Samples of all components together that are decoded unless told otherwise: twice the largest mammogram, and 400 MB of memory.</summary>
    public const int DefaultSampleLimit = 1 << 26;

    /// <summary>Reads the header alone.</summary>
    /// <exception cref="CodecException">This is no JPEG 2000 codestream, its header is damaged, or it uses what is not read here.</exception>
    public static Jpeg2000Info ReadInfo(ReadOnlyMemory<byte> stream)
    {
        var size = Codestream.ReadSize(Boxes.FindCodestream(stream));
        var (area, first) = (size.Component(0), size.Components[0]);
        return new Jpeg2000Info(area.Width, area.Height, first.Precision, first.IsSigned, size.Components.Length);
    }

    /// <summary>Decodes an image of one component. The samples are the same whatever the number of threads.</summary>
    /// <param name="stream">The codestream or JP2 file.</param>
    /// <param name="threads">Threads at most.</param>
    /// <param name="sampleLimit">Width x height at most, up to 2^30.</param>
    /// <exception cref="CodecException">The stream is damaged, cut short or larger than the limit, is in colour, or uses what is not read here.</exception>
    public static CodecImage Decode(ReadOnlyMemory<byte> stream, int threads = 1, int sampleLimit = DefaultSampleLimit)
    {
        var codestream = Codestream.Read(Boxes.FindCodestream(stream));
        var components = codestream.Size.Components;
        if (components.Length > 1)
            throw new CodecException($"an image of {components.Length} components is not grey", isUnsupported: true);
        if (components[0].StepX > 1 || components[0].StepY > 1)
            throw new CodecException("a subsampled image is not read here", isUnsupported: true);
        return Decode(codestream, threads, sampleLimit)[0];
    }

    /// <summary>Decodes all components, each with its own size.</summary>
    internal static CodecImage[] DecodeComponents(ReadOnlyMemory<byte> stream, int threads = 1, int sampleLimit = DefaultSampleLimit) =>
        Decode(Codestream.Read(Boxes.FindCodestream(stream)), threads, sampleLimit);

    private static CodecImage[] Decode(Codestream codestream, int threads, int sampleLimit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sampleLimit, 1 << 30);
        var size = codestream.Size;
        var areas = size.Components.Select((_, i) => size.Component(i)).ToArray();
        var samples = areas.Sum(area => area.Count);
        if (samples > sampleLimit)
            throw new CodecException($"{samples} samples are more than the {sampleLimit} that are allowed", isUnsupported: true);
        var images = areas.Zip(size.Components, (area, component) =>
            new CodecImage(area.Width, area.Height, component.Precision, component.IsSigned, new ushort[area.Count])).ToArray();
        var decoder = new TileDecoder(codestream.Bytes, codestream, threads);
        foreach (var tile in codestream.Tiles.Keys)
            decoder.Decode(tile, images);
        return images;
    }
}
