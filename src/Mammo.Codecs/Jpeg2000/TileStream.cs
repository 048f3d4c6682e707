namespace Mammo.Codecs.Jpeg2000;

/// <summary>What the tile-parts of one tile hold together.</summary>
/// <param name="main">The main header's parameters.</param>
internal sealed class TileStream(CodingParameters main)
{
    public CodingParameters Parameters { get; } = new(main);

    /// <summary>Where the packets of each tile-part lie in the codestream.</summary>
    public List<Range> Parts { get; } = [];

    /// <summary>The packet headers, where they are not among the packets.</summary>
    public List<ReadOnlyMemory<byte>> PackedHeaders { get; } = [];
}
