namespace Mammo.Codecs.Jpeg2000;

/// <summary>What a tile may have, so that a few bytes cannot ask for memory or time without end. No image comes near it.</summary>
internal sealed class TileBudget
{
    private const int MostPrecincts = 1 << 20;
    private const int MostCodeBlocks = 1 << 20;

    private long _precincts;
    private long _codeBlocks;

    /// <summary>Counts precincts and gives their number back.</summary>
    public int TakePrecincts(long count) => (_precincts += count) <= MostPrecincts ? (int)count : throw TooMany(MostPrecincts, "precincts");

    public void TakeCodeBlocks(long count)
    {
        if ((_codeBlocks += count) > MostCodeBlocks)
            throw TooMany(MostCodeBlocks, "code-blocks");
    }

    private static CodecException TooMany(int limit, string what) => new($"more than {limit} {what} in a tile are not read here", isUnsupported: true);
}
