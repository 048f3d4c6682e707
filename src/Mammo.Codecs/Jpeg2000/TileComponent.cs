namespace Mammo.Codecs.Jpeg2000;

/// <summary>One component of one tile.</summary>
internal sealed class TileComponent
{
    public TileComponent(Area tile, ComponentSize size, CodingParameters parameters, int component, TileBudget budget)
    {
        (Tile, Size, Budget) = (tile, size, budget);
        Area = tile.Divide(size.StepX, size.StepY);
        (Coding, Quantization, Shift) = (parameters.Coding(component), parameters.Quantization(component), parameters.Shift(component));
        if (Coding.IsReversible && Quantization.HasSteps)
            throw new CodecException("the reversible transform has quantised coefficients");
        Resolutions = new Resolution[Coding.Levels + 1];
        var rows = new RowSpacing(0, 1);
        for (var i = Coding.Levels; i >= 0; i--)
        {
            Resolutions[i] = new Resolution(this, i, rows);
            rows = rows.Low(Resolutions[i].Area.Y0);
        }
    }

    /// <summary>The tile on the reference grid.</summary>
    public Area Tile { get; }

    public ComponentSize Size { get; }

    public TileBudget Budget { get; }

    public ComponentCoding Coding { get; }

    public Quantization Quantization { get; }

    /// <summary>Bit planes that the region of interest is shifted up by.</summary>
    public int Shift { get; }

    /// <summary>Its coordinates (T.800, equation B-12).</summary>
    public Area Area { get; }

    public Resolution[] Resolutions { get; }

    /// <summary>The code-blocks that have coding passes, each with its subband.</summary>
    public IEnumerable<(Subband Band, CodeBlock Block)> CodeBlocks =>
        from resolution in Resolutions
        from precinct in resolution.Precincts
        from part in precinct.Bands
        from block in part.Blocks
        where block.Passes > 0
        select (part.Band, block);
}
