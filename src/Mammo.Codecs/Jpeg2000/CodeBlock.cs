namespace Mammo.Codecs.Jpeg2000;

/// <summary>Bytes that one packet adds to a code-block.</summary>
/// <param name="Start">Where they lie in the codestream.</param>
/// <param name="Length">How many they are.</param>
/// <param name="Passes">Coding passes they are of; all of one codeword segment.</param>
internal sealed record Chunk(int Start, int Length, int Passes)
{
    public Chunk? Next { get; set; }
}

/// <summary>A code-block: coefficients of one subband that are coded together.</summary>
/// <param name="area">Where they are in the subband, whose first coefficient is at 0, 0.</param>
internal sealed class CodeBlock(Area area)
{
    private Chunk? _last;

    public Area Area { get; } = area;

    /// <summary>Bit planes above the first that is coded.</summary>
    public int EmptyPlanes { get; set; }

    /// <summary>Coding passes of all packets so far.</summary>
    public int Passes { get; set; }

    /// <summary>Bits that tell the length of one pass (T.800, B.10.7).</summary>
    public int LengthBits { get; set; } = 3;

    public Chunk? First { get; private set; }

    public void Add(Chunk chunk)
    {
        if (_last is null)
            First = chunk;
        else
            _last.Next = chunk;
        _last = chunk;
    }
}
