namespace Mammo.Codecs.Jpeg2000;

/// <summary>How packets follow each other; the letters stand for layer, resolution, component and position (T.800, table A.16).</summary>
internal enum Progression
{
    Lrcp,
    Rlcp,
    Rpcl,
    Pcrl,
    Cprl,
}

/// <summary>Code-block styles (T.800, table A.19).</summary>
[Flags]
internal enum CodeBlockStyle
{
    None = 0,

    /// <summary>Two passes of most bit planes are raw bits.</summary>
    Bypass = 1,

    /// <summary>Contexts start anew in each pass.</summary>
    Reset = 2,

    /// <summary>Each pass is a codeword segment of its own.</summary>
    TerminateAll = 4,

    /// <summary>Contexts do not look into the next stripe.</summary>
    VerticallyCausal = 8,

    /// <summary>Segments end in a way that shows damage; they are decoded like any others.</summary>
    PredictableTermination = 16,

    /// <summary>Each bit plane ends with the symbols 1010.</summary>
    SegmentationSymbols = 32,
}

/// <summary>What COD and COC say of one component (T.800, table A.15).</summary>
/// <param name="Levels">Decompositions, 0 to 32.</param>
/// <param name="BlockWidth">Logarithm to base 2 of a code-block's width.</param>
/// <param name="BlockHeight">Logarithm to base 2 of a code-block's height.</param>
/// <param name="Style">How code-blocks are coded.</param>
/// <param name="IsReversible">The 5/3 transform; else the 9/7.</param>
/// <param name="Precincts">For each resolution the logarithms of a precinct's width (low four bits) and height; empty where precincts are of 2^15.</param>
internal sealed record ComponentCoding(int Levels, int BlockWidth, int BlockHeight, CodeBlockStyle Style, bool IsReversible, byte[] Precincts)
{
    public int PrecinctWidth(int resolution) => Precincts.Length == 0 ? 15 : Precincts[resolution] & 15;

    public int PrecinctHeight(int resolution) => Precincts.Length == 0 ? 15 : Precincts[resolution] >> 4;

    /// <summary>The pass before which the codeword segment that holds a pass ends. Passes are numbered from 0, the first cleanup pass.</summary>
    public int SegmentEnd(int pass)
    {
        if ((Style & CodeBlockStyle.TerminateAll) != 0)
            return pass + 1;
        if ((Style & CodeBlockStyle.Bypass) == 0)
            return int.MaxValue;
        return pass < FirstRawPass ? FirstRawPass : pass + ((pass - FirstRawPass) % 3 == 0 ? 2 : 1);
    }

    /// <summary>Whether a pass is of raw bits.</summary>
    public bool IsRaw(int pass) => (Style & CodeBlockStyle.Bypass) != 0 && pass >= FirstRawPass && pass % 3 != 0;

    // With bypass the four most significant bit planes are still arithmetically coded: one cleanup pass, and three times three passes.
    private const int FirstRawPass = 10;

    public static ComponentCoding Read(ref HeaderReader reader, bool hasPrecincts)
    {
        var levels = reader.Byte();
        int width = reader.Byte() + 2, height = reader.Byte() + 2, style = reader.Byte(), transform = reader.Byte();
        if (levels > 32)
            throw new CodecException($"{levels} decompositions are more than the 32 that there may be");
        if ((style & 0x40) != 0)
            throw HighThroughput();
        if (width > 10 || height > 10 || width + height > 12)
            throw new CodecException("the code-blocks are larger than they may be");
        if (style >= 0x40 || transform > 1)
            throw new CodecException("the coding style or transform is not one of JPEG 2000 Part 1", isUnsupported: true);
        var precincts = hasPrecincts ? reader.Take(levels + 1).ToArray() : [];
        // The code-blocks of a detail band lie in half a precinct.
        if (precincts.Skip(1).Any(precinct => (precinct & 15) == 0 || precinct >> 4 == 0))
            throw new CodecException("a precinct of one sample is allowed in the lowest resolution alone");
        return new ComponentCoding(levels, width, height, (CodeBlockStyle)style, transform == 1, precincts);
    }

    public static CodecException HighThroughput() => new("HTJ2K (high-throughput JPEG 2000, Part 15) is not read here", isUnsupported: true);
}

/// <summary>The COD marker segment (T.800, A.6.1): what holds for all components, and what does for those without a COC.</summary>
/// <param name="HasEph">Every packet header ends with the marker EPH.</param>
/// <param name="Order">How packets follow each other.</param>
/// <param name="Layers">Quality layers, 1 to 65535.</param>
/// <param name="HasComponentTransform">The first three components are transformed together.</param>
/// <param name="Component">What holds for components without a COC.</param>
internal sealed record CodingStyle(bool HasEph, Progression Order, int Layers, bool HasComponentTransform, ComponentCoding Component)
{
    public static CodingStyle Read(HeaderReader reader)
    {
        int style = reader.Byte(), order = reader.Byte(), layers = reader.Short(), transform = reader.Byte();
        if (layers == 0)
            throw new CodecException("COD tells of 0 layers");
        if (transform > 1)
            throw new CodecException("the component transform is not one of JPEG 2000 Part 1", isUnsupported: true);
        return new CodingStyle((style & 4) != 0, ToProgression(order), layers, transform == 1, ComponentCoding.Read(ref reader, (style & 1) != 0));
    }

    public static Progression ToProgression(int order) =>
        order <= (int)Progression.Cprl ? (Progression)order : throw new CodecException($"there is no progression order {order}");
}

/// <summary>One entry of a POC marker segment (T.800, A.6.6): which packets follow next, and in which order. The last numbers are exclusive.</summary>
internal readonly record struct ProgressionChange(int FirstResolution, int FirstComponent, int LastLayer, int LastResolution, int LastComponent, Progression Order)
{
    public static void Read(HeaderReader reader, int components, List<ProgressionChange> changes)
    {
        while (reader.Remaining > 0)
        {
            var (firstResolution, firstComponent) = (reader.Byte(), Number(ref reader));
            int layer = reader.Short(), resolution = reader.Byte(), component = Number(ref reader);
            // 0 stands for the number after the last that fits.
            var change = new ProgressionChange(firstResolution, firstComponent, layer, resolution, component == 0 ? 16384 : component, CodingStyle.ToProgression(reader.Byte()));
            if (change.FirstResolution >= change.LastResolution || change.FirstComponent >= change.LastComponent || layer == 0)
                throw new CodecException("a progression order change covers nothing");
            changes.Add(change);
        }

        int Number(ref HeaderReader reader) => components <= 256 ? reader.Byte() : reader.Short();
    }
}
