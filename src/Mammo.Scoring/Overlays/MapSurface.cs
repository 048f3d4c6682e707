using Mammo.Scoring.Heatmaps;

namespace Mammo.Scoring.Overlays;

/// <summary>One class of a heatmap as a surface over the stored image: bilinear between the middles of positions.</summary>
internal sealed class MapSurface
{
    private readonly MammoHeatmap _map;
    private readonly int _label;
    private readonly double[][] _matrix;

    /// <summary>The surface of a class.</summary>
    public MapSurface(MammoHeatmap map, int label)
    {
        (_map, _label) = (map, label);
        Values = new float[map.Rows * map.Columns];
        for (var i = 0; i < Values.Length; i++)
            Values[i] = map.Values[(i * map.Classes.Length) + label];
        Low = map.IsProbability ? 0 : Math.Min(0, Values.Min());
        _matrix = ToStored;
        High = map.IsProbability ? 1 : Math.Max(Values.Max(), Low + 1e-6);
    }

    /// <summary>Name of the class.</summary>
    public string Class => _map.Classes[_label];

    /// <summary>Rows × columns values of the class.</summary>
    public float[] Values { get; }

    /// <summary>Value of the colour bar's lower end: 0, or the lowest of a map without bounds.</summary>
    public double Low { get; }

    /// <summary>Value of its upper end: 1 for probabilities, else the highest of the map.</summary>
    public double High { get; }

    /// <summary>
    /// Matrix from (column, row, 1) of the map to (x, y) in stored pixels, whose middles are whole numbers: two rows of three.
    /// </summary>
    public double[][] ToStored
    {
        get
        {
            // A film that was turned for the network has rows of the map along its columns.
            var (origin, across, down) = (_map.Middle(0, 0), _map.Middle(0, 1), _map.Middle(1, 0));
            return
            [
                [across.X - origin.X, down.X - origin.X, origin.X],
                [across.Y - origin.Y, down.Y - origin.Y, origin.Y],
            ];
        }
    }

    /// <summary>The share of the colour bar at a place; NaN beyond the patches.</summary>
    /// <param name="x">Column in stored pixels.</param>
    /// <param name="y">Row in stored pixels.</param>
    public double Share(double x, double y)
    {
        var (geometry, matrix) = (_map.Geometry, _matrix);
        var (fromX, fromY) = (x - matrix[0][2], y - matrix[1][2]);
        var determinant = (matrix[0][0] * matrix[1][1]) - (matrix[0][1] * matrix[1][0]);
        var column = ((fromX * matrix[1][1]) - (fromY * matrix[0][1])) / determinant;
        var row = ((fromY * matrix[0][0]) - (fromX * matrix[1][0])) / determinant;
        if (Beyond(column, geometry.Columns, geometry.PatchWidth / geometry.ColumnStride)
            || Beyond(row, geometry.Rows, geometry.PatchHeight / geometry.RowStride))
            return double.NaN;
        column = Math.Clamp(column, 0, geometry.Columns - 1);
        row = Math.Clamp(row, 0, geometry.Rows - 1);
        var (left, top) = (Math.Min((int)column, Math.Max(0, geometry.Columns - 2)), Math.Min((int)row, Math.Max(0, geometry.Rows - 2)));
        var (right, below) = (Math.Min(left + 1, geometry.Columns - 1), Math.Min(top + 1, geometry.Rows - 1));
        var (across, down) = (column - left, row - top);
        var upper = (At(top, left) * (1 - across)) + (At(top, right) * across);
        var lower = (At(below, left) * (1 - across)) + (At(below, right) * across);
        return Math.Clamp(((upper * (1 - down)) + (lower * down) - Low) / (High - Low), 0, 1);

        static bool Beyond(double place, int count, double patch) => place < -patch / 2 || place > count - 1 + (patch / 2);
    }

    private double At(int row, int column) => Values[(row * _map.Columns) + column];
}
