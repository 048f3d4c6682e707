namespace Mammo.Codecs.Jpeg2000;

/// <summary>A component as SIZ describes it.</summary>
/// <param name="Precision">Bits of a sample.</param>
/// <param name="IsSigned">Whether samples are signed.</param>
/// <param name="StepX">Columns of the reference grid for one of its own.</param>
/// <param name="StepY">Rows of the reference grid for one of its own.</param>
internal readonly record struct ComponentSize(int Precision, bool IsSigned, int StepX, int StepY);

/// <summary>The SIZ marker segment (T.800, A.5.1): the reference grid, its tiles and its components.</summary>
/// <param name="Image">The image on the reference grid.</param>
/// <param name="FirstTile">The first tile, before it is cut to the image.</param>
/// <param name="Components">Its components.</param>
internal sealed record SizeSegment(Area Image, Area FirstTile, ComponentSize[] Components)
{
    private const int MostPrecision = 16;

    public int TilesAcross { get; } = Area.Ceiling(Image.X1 - FirstTile.X0, FirstTile.Width);

    public int TilesDown { get; } = Area.Ceiling(Image.Y1 - FirstTile.Y0, FirstTile.Height);

    public Area Component(int component) => Image.Divide(Components[component].StepX, Components[component].StepY);

    /// <summary>A tile on the reference grid (T.800, equations B-7 to B-10).</summary>
    public Area Tile(int index)
    {
        var (column, row) = (index % TilesAcross, index / TilesAcross);
        long x = FirstTile.X0 + (long)column * FirstTile.Width, y = FirstTile.Y0 + (long)row * FirstTile.Height;
        var (x1, y1) = ((int)Math.Min(x + FirstTile.Width, Image.X1), (int)Math.Min(y + FirstTile.Height, Image.Y1));
        return new Area((int)Math.Max(x, Image.X0), (int)Math.Max(y, Image.Y0), x1, y1);
    }

    public static SizeSegment Read(HeaderReader reader)
    {
        var capabilities = reader.Short();
        if ((capabilities & 0x8000) != 0)
            throw new CodecException("JPEG 2000 Part 2 is not read here", isUnsupported: true);
        int x1 = reader.Coordinate(), y1 = reader.Coordinate(), x0 = reader.Coordinate(), y0 = reader.Coordinate();
        long tileWidth = reader.Word(), tileHeight = reader.Word();
        int tileX = reader.Coordinate(), tileY = reader.Coordinate();
        var count = reader.Short();
        var hasFirstTile = tileX <= x0 && tileY <= y0 && tileX + tileWidth > x0 && tileY + tileHeight > y0;
        if (x0 >= x1 || y0 >= y1 || !hasFirstTile || count is 0 or > 16384 || reader.Remaining < 3 * count)
            throw new CodecException("the sizes in SIZ contradict each other");
        // A tile larger than the image is cut to it: writers put 2^32-1 here.
        var tile = new Area(tileX, tileY, (int)Math.Min(tileX + tileWidth, int.MaxValue), (int)Math.Min(tileY + tileHeight, int.MaxValue));
        var components = new ComponentSize[count];
        for (var i = 0; i < count; i++)
        {
            int depth = reader.Byte(), stepX = reader.Byte(), stepY = reader.Byte();
            var precision = (depth & 0x7F) + 1;
            components[i] = new ComponentSize(precision, depth >= 0x80, stepX, stepY);
            if (precision > MostPrecision)
                throw new CodecException($"samples of {precision} bits are more than the {MostPrecision} that are read here", isUnsupported: true);
            if (stepX == 0 || stepY == 0)
                throw new CodecException("a component is sampled every 0 pixels");
        }

        var size = new SizeSegment(new Area(x0, y0, x1, y1), tile, components);
        if ((long)size.TilesAcross * size.TilesDown > 65535)
            throw new CodecException($"{size.TilesAcross} x {size.TilesDown} tiles are more than 65535 that there may be");
        return size;
    }
}
