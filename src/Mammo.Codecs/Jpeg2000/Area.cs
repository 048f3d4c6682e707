namespace Mammo.Codecs.Jpeg2000;

/// <summary>A rectangle of samples or coefficients: from the first pair of coordinates up to, without, the second.</summary>
internal readonly record struct Area(int X0, int Y0, int X1, int Y1)
{
    public int Width => X1 - X0;

    public int Height => Y1 - Y0;

    public bool IsEmpty => X1 <= X0 || Y1 <= Y0;

    public long Count => IsEmpty ? 0 : (long)Width * Height;

    public Area Intersect(Area other) => new(Math.Max(X0, other.X0), Math.Max(Y0, other.Y0), Math.Min(X1, other.X1), Math.Min(Y1, other.Y1));

    public Area Move(int x, int y) => new(X0 + x, Y0 + y, X1 + x, Y1 + y);

    /// <summary>A cell of a grid whose cells are powers of two; cut where it would leave the coordinates that there are.</summary>
    public static Area Cell(long column, long row, int logWidth, int logHeight)
    {
        return new(Clip(column << logWidth), Clip(row << logHeight), Clip((column + 1) << logWidth), Clip((row + 1) << logHeight));

        static int Clip(long value) => (int)Math.Min(value, int.MaxValue);
    }

    /// <summary>Every coordinate divided, rounded up.</summary>
    public Area Divide(int stepX, int stepY) => new(Ceiling(X0, stepX), Ceiling(Y0, stepY), Ceiling(X1, stepX), Ceiling(Y1, stepY));

    /// <summary>The subband after so many decompositions, 1 being high-pass in that direction (T.800, equation B-15).</summary>
    public Area Band(int levels, int highX, int highY)
    {
        if (levels == 0)
            return this;
        return new(Of(X0, highX), Of(Y0, highY), Of(X1, highX), Of(Y1, highY));

        int Of(int value, int high)
        {
            var numerator = value - ((long)high << (levels - 1));
            return (int)((numerator + (1L << levels) - 1) >> levels);
        }
    }

    public static int Ceiling(int value, int step) => (int)(((long)value + step - 1) / step);
}
