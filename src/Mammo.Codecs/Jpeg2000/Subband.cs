namespace Mammo.Codecs.Jpeg2000;

/// <summary>Which way a subband was filtered: low-pass or high-pass, horizontally and then vertically.</summary>
internal enum Orientation
{
    LL,
    HL,
    LH,
    HH,
}

/// <summary>A subband of one tile-component.</summary>
internal sealed class Subband
{
    // Magnitudes are held in 31 bits, of which the lowest is half a step.
    private const int MostPlanes = 30;

    public Subband(Orientation orientation, Area area, int firstColumn, RowSpacing rows, TileComponent component, int resolution)
    {
        (Orientation, Area, FirstColumn, Rows) = (orientation, area, firstColumn, rows);
        var (quantization, size) = (component.Quantization, component.Size);
        var (exponent, mantissa) = quantization.Step(resolution, (int)orientation);
        Planes = quantization.GuardBits + exponent - 1;
        if (Planes < 0)
            throw new CodecException("a subband has less than no bit planes");
        var gain = orientation switch { Orientation.LL => 0, Orientation.HH => 2, _ => 1 };
        var level = component.Coding.Levels - Math.Max(0, resolution - 1);
        Step = Math.ScaleB(1 + mantissa / 2048.0, size.Precision + gain - exponent) * Irreversible97.Gain(orientation, level);
    }

    public Orientation Orientation { get; }

    /// <summary>Its coordinates (T.800, equation B-15).</summary>
    public Area Area { get; }

    /// <summary>The column of the tile-component's array where it begins.</summary>
    public int FirstColumn { get; }

    /// <summary>The rows of the tile-component's array that are its own.</summary>
    public RowSpacing Rows { get; }

    /// <summary>Bit planes of its coefficients (T.800, equation E-2), without those of a region of interest.</summary>
    public int Planes { get; }

    /// <summary>The step size of the 9/7 transform (T.800, equation E-3; gains by table E.1), times what the transform leaves to it.</summary>
    public double Step { get; }

    /// <summary>How many bit planes a code-block has, from the first that is coded.</summary>
    public int CodedPlanes(CodeBlock block, int shift)
    {
        var planes = Planes + shift - block.EmptyPlanes;
        if (Math.Max(planes - shift, Math.Min(planes, shift)) > MostPlanes)
            throw new CodecException($"coefficients of {planes} bits are more than are read here", isUnsupported: true);
        return planes;
    }
}
