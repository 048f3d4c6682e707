namespace Mammo.Scoring.Managed;

/// <summary>A square of pixels that Winograd's method transforms; zeros outside the plane.</summary>
/// <param name="first">Its first value.</param>
/// <param name="rowStride">From one row to the next.</param>
/// <param name="columnStride">From one column to the next.</param>
internal readonly unsafe struct Patch(float* first, nint rowStride, nint columnStride)
{
    /// <summary>Its first value.</summary>
    public float* First { get; } = first;

    /// <summary>From one row to the next.</summary>
    public nint RowStride { get; } = rowStride;

    /// <summary>From one column to the next.</summary>
    public nint ColumnStride { get; } = columnStride;
}

/// <summary>What a convolution by Winograd's method reads: a plane of which it takes patches, whether the plane is in memory or not.</summary>
/// <param name="map">What is read from memory.</param>
/// <param name="plane">Rows and columns of the plane.</param>
/// <param name="channels">Its channels.</param>
/// <param name="width">Its channels, rounded up to whole registers.</param>
/// <param name="size">Rows and columns of a patch.</param>
internal abstract unsafe class PatchSource(FeatureMap map, TileGrid plane, int channels, int width, int size)
{
    /// <summary>What is read from memory.</summary>
    public FeatureMap Map => map;

    /// <summary>Channels of the plane.</summary>
    public int Channels => channels;

    /// <summary>Its channels, rounded up to whole registers; those behind the last hold any values.</summary>
    public int Width => width;

    /// <summary>Multiply-adds that a patch costs.</summary>
    public virtual long MultiplyAdds => 0;

    /// <summary>Values that a worker writes down for a patch.</summary>
    public abstract long ScratchLength { get; }

    /// <summary>Rows and columns of a patch.</summary>
    protected int Size => size;

    /// <summary>What a tile of outputs needs of the map.</summary>
    /// <param name="window">The window over the plane.</param>
    public abstract (Reach Rows, Reach Columns) Reach(Window window);

    /// <summary>A patch; it stays as long as the scratch is not used again.</summary>
    /// <param name="memory">The plan's memory.</param>
    /// <param name="image">Image of the run.</param>
    /// <param name="top">The patch's first row; may lie outside the plane.</param>
    /// <param name="left">Its first column.</param>
    /// <param name="scratch">The worker's memory.</param>
    public abstract Patch At(float* memory, int image, int top, int left, Scratch scratch);

    /// <summary>A pixel of the plane, none around it.</summary>
    protected bool IsInside(int y, int x) => (uint)y < (uint)plane.Height && (uint)x < (uint)plane.Width;

    /// <summary>All pixels of a patch are of the plane.</summary>
    protected bool IsInsideWhole(int top, int left) => IsInside(top, left) && IsInside(top + size - 1, left + size - 1);
}

/// <summary>Patches of a map: where they lie, or copies at the border.</summary>
/// <param name="map">The map.</param>
/// <param name="width">Its channels, rounded up to whole registers.</param>
/// <param name="size">Rows and columns of a patch.</param>
internal sealed unsafe class MapPatches(FeatureMap map, int width, int size)
    : PatchSource(map, new TileGrid(map.Rows, map.Columns), map.Channels, width, size)
{
    /// <inheritdoc/>
    public override long ScratchLength => Scratch.Size((long)Size * Size * Width);

    /// <inheritdoc/>
    public override (Reach Rows, Reach Columns) Reach(Window window) => window.Reach;

    /// <inheritdoc/>
    public override Patch At(float* memory, int image, int top, int left, Scratch scratch)
    {
        if (IsInsideWhole(top, left))
            return new Patch(Pixel(memory, image, top, left), (nint)Map.Columns * Map.Stride, Map.Stride);
        var patch = scratch.Take(ScratchLength);
        for (var row = 0; row < Size; row++)
        {
            for (var column = 0; column < Size; column++)
            {
                var target = new Span<float>(patch + (((row * Size) + column) * Width), Channels);
                if (IsInside(top + row, left + column))
                    new Span<float>(Pixel(memory, image, top + row, left + column), Channels).CopyTo(target);
                else
                    target.Clear();
            }
        }

        return new Patch(patch, (nint)Size * Width, Width);
    }

    private float* Pixel(float* memory, int image, int y, int x) =>
        Map.At(memory) + ((((((long)image * Map.Rows) + y) * Map.Columns) + x) * Map.Stride);
}
