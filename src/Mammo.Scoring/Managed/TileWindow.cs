namespace Mammo.Scoring.Managed;

/// <summary>The tiles of an input that a tile of the output is computed from.</summary>
/// <param name="RowStride">Input tiles from one output tile to the next, downwards.</param>
/// <param name="Top">The first of them, counted from there.</param>
/// <param name="Bottom">The last of them.</param>
/// <param name="ColumnStride">Input tiles from one output tile to the next, to the right.</param>
/// <param name="Left">The first of them, counted from there.</param>
/// <param name="Right">The last of them.</param>
internal readonly record struct TileWindow(int RowStride, int Top, int Bottom, int ColumnStride, int Left, int Right)
{
    /// <summary>The tile at the same place.</summary>
    public static TileWindow Same { get; } = new(1, 0, 0, 1, 0, 0);

    /// <summary>Four tiles that become one.</summary>
    public static TileWindow OfFour { get; } = new(2, 0, 1, 2, 0, 1);

    /// <summary>The tiles that pixels reach.</summary>
    public static TileWindow Of((Reach Rows, Reach Columns) reach) => new(
        reach.Rows.Stride, reach.Rows.First, reach.Rows.Last, reach.Columns.Stride, reach.Columns.First, reach.Columns.Last);

    /// <summary>The tiles for some of the output that lie side by side, whether inside the plane or not.</summary>
    /// <param name="row">Their row of tiles.</param>
    /// <param name="first">The column of the first.</param>
    /// <param name="last">The column of the last.</param>
    public (int Top, int Bottom, int Left, int Right) Around(int row, int first, int last) =>
        ((row * RowStride) + Top, (row * RowStride) + Bottom, (first * ColumnStride) + Left, (last * ColumnStride) + Right);

    /// <summary>Numbers of the tiles, row by row; -1 for those outside the plane.</summary>
    /// <param name="tile">A tile of the output.</param>
    /// <param name="grid">The input's tiles.</param>
    public Enumerator Of(Tile tile, TileGrid grid) => new(this, tile, grid);

    /// <summary>Goes over the tiles of a window without allocating.</summary>
    internal struct Enumerator(TileWindow window, Tile tile, TileGrid grid)
    {
        private readonly int _firstColumn = (tile.Column / TileGrid.Side * window.ColumnStride) + window.Left;
        private readonly int _lastColumn = (tile.Column / TileGrid.Side * window.ColumnStride) + window.Right;
        private readonly int _lastRow = (tile.Row / TileGrid.Side * window.RowStride) + window.Bottom;
        private readonly int _rows = grid.Rows;
        private readonly int _columns = grid.Columns;
        private readonly int _before = tile.Image * grid.Count;
        private int _row = (tile.Row / TileGrid.Side * window.RowStride) + window.Top;
        private int _column = (tile.Column / TileGrid.Side * window.ColumnStride) + window.Left - 1;

        /// <summary>Number of the tile, or -1.</summary>
        public readonly int Current => (uint)_row < (uint)_rows && (uint)_column < (uint)_columns ? _before + (_row * _columns) + _column : -1;

        /// <summary>Goes on.</summary>
        public bool MoveNext()
        {
            if (++_column <= _lastColumn)
                return true;
            _column = _firstColumn;
            return ++_row <= _lastRow;
        }

        /// <summary>For foreach.</summary>
        public readonly Enumerator GetEnumerator() => this;
    }
}
