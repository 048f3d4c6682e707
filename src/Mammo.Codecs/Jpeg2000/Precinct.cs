namespace Mammo.Codecs.Jpeg2000;

/// <summary>The code-blocks of one subband within one precinct, and what packet headers tell of them.</summary>
internal sealed class PrecinctBand
{
    public PrecinctBand(Subband band, Area area, int blockWidth, int blockHeight)
    {
        Band = band;
        if (area.IsEmpty)
            return;
        int x0 = area.X0 >> blockWidth, y0 = area.Y0 >> blockHeight;
        Across = ((area.X1 - 1) >> blockWidth) + 1 - x0;
        var down = ((area.Y1 - 1) >> blockHeight) + 1 - y0;
        Blocks = new CodeBlock[Across * down];
        for (var i = 0; i < Blocks.Length; i++)
        {
            var block = Area.Cell(x0 + i % Across, y0 + i / Across, blockWidth, blockHeight).Intersect(area);
            Blocks[i] = new CodeBlock(block.Move(-band.Area.X0, -band.Area.Y0));
        }

        (Inclusion, EmptyPlanes) = (new TagTree(Across, down), new TagTree(Across, down));
    }

    public Subband Band { get; }

    public CodeBlock[] Blocks { get; } = [];

    /// <summary>Code-blocks in a row.</summary>
    public int Across { get; }

    /// <summary>The layer in which a code-block is there for the first time.</summary>
    public TagTree Inclusion { get; } = Nothing;

    /// <summary>How many bit planes above the first coded one.</summary>
    public TagTree EmptyPlanes { get; } = Nothing;

    private static TagTree Nothing { get; } = new(0, 0);
}

/// <summary>A precinct: what one packet of each layer holds.</summary>
/// <param name="bands">Its parts of each of the resolution's subbands.</param>
internal sealed class Precinct(PrecinctBand[] bands)
{
    public PrecinctBand[] Bands { get; } = bands;
}
