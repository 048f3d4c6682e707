namespace Mammo.Codecs.Jpeg2000;

/// <summary>
/// The coefficients of a tile-component, which become its samples in place: integers with the 5/3 transform, single-precision numbers with the 9/7. A
/// resolution's columns are low-pass and then high-pass ones; for its rows see <see cref="RowSpacing"/>.
/// </summary>
internal sealed unsafe class CoefficientArray
{
    private readonly PinnedMemory<int> _items = new(0);

    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>Makes it as large as a tile-component, all zero.</summary>
    public void Reset(Area area)
    {
        (Width, Height) = (area.Width, area.Height);
        _items.Grow(Width * Height);
        _items.Span[..(Width * Height)].Clear();
    }

    public int* Integers(long row) => _items.Pointer + row * Width;

    public float* Numbers(long row) => (float*)Integers(row);
}
