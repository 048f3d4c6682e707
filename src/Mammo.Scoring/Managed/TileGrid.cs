namespace Mammo.Scoring.Managed;

/// <summary>Planes cut into tiles of 4 × 4 pixels, those at the lower and right border smaller; numbered through all images of a run, row by row.</summary>
/// <param name="Height">Pixels of a plane from top to bottom.</param>
/// <param name="Width">Pixels of a plane from left to right.</param>
internal readonly record struct TileGrid(int Height, int Width)
{
    /// <summary>Pixels of a side.</summary>
    public const int Side = 4;

    /// <summary>Rows of tiles.</summary>
    public int Rows => (Height + Side - 1) / Side;

    /// <summary>Columns of tiles.</summary>
    public int Columns => (Width + Side - 1) / Side;

    /// <summary>Tiles of one image.</summary>
    public int Count => checked(Rows * Columns);

    /// <summary>Where a tile lies.</summary>
    public Tile this[int number]
    {
        get
        {
            var (image, rest) = Math.DivRem(number, Count);
            var (row, column) = Math.DivRem(rest, Columns);
            return At(image, row, column);
        }
    }

    /// <summary>The tile of a row and column of tiles.</summary>
    public Tile At(int image, int row, int column) =>
        new(image, row * Side, column * Side, Math.Min(Side, Height - (row * Side)), Math.Min(Side, Width - (column * Side)));

    /// <summary>Tiles as areas: those that lie side by side in a row of tiles are one.</summary>
    /// <param name="tiles">Their numbers, ascending.</param>
    public TileAreas Areas(ReadOnlySpan<int> tiles) => new(this, tiles);

    /// <summary>Number of a pixel, counted through all images.</summary>
    public long Pixel(int image, int row, int column) => ((((long)image * Height) + row) * Width) + column;
}

/// <summary>A tile, or several side by side.</summary>
/// <param name="Image">Image of the run.</param>
/// <param name="Row">First row.</param>
/// <param name="Column">First column.</param>
/// <param name="Rows">Rows that lie in the plane.</param>
/// <param name="Columns">Columns that lie in the plane.</param>
internal readonly record struct Tile(int Image, int Row, int Column, int Rows, int Columns);

/// <summary>Goes over tiles with neighbours joined, so that memory is gone through in long lines.</summary>
/// <param name="grid">The grid.</param>
/// <param name="tiles">Numbers of tiles, ascending.</param>
internal ref struct TileAreas(TileGrid grid, ReadOnlySpan<int> tiles)
{
    private readonly TileGrid _grid = grid;
    private readonly ReadOnlySpan<int> _tiles = tiles;
    private int _next;

    /// <summary>The area.</summary>
    public Tile Current { get; private set; }

    /// <summary>Goes on.</summary>
    public bool MoveNext()
    {
        if (_next == _tiles.Length)
            return false;
        var area = _grid[_tiles[_next++]];
        while (_next < _tiles.Length && _tiles[_next] == _tiles[_next - 1] + 1 && area.Column + area.Columns < _grid.Width)
        {
            area = area with { Columns = Math.Min(area.Columns + TileGrid.Side, _grid.Width - area.Column) };
            _next++;
        }

        Current = area;
        return true;
    }

    /// <summary>For foreach.</summary>
    public readonly TileAreas GetEnumerator() => this;
}
