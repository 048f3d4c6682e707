namespace Mammo.Codecs.Jpeg2000;

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
