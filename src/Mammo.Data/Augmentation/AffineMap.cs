namespace Mammo.Data.Augmentation;

/// <summary>Maps output coordinates (row, column) to input coordinates: input = Matrix · output + Offset.</summary>
/// <param name="RowByRow">Matrix, first row, first column.</param>
/// <param name="RowByColumn">Matrix, first row, second column.</param>
/// <param name="ColumnByRow">Matrix, second row, first column.</param>
/// <param name="ColumnByColumn">Matrix, second row, second column.</param>
/// <param name="RowOffset">Added to the input row.</param>
/// <param name="ColumnOffset">Added to the input column.</param>
public readonly record struct AffineMap(double RowByRow, double RowByColumn, double ColumnByRow, double ColumnByColumn, double RowOffset, double ColumnOffset)
{
    /// <summary>The identity.</summary>
    public static AffineMap Identity { get; } = new(1, 0, 0, 1, 0, 0);

    /// <summary>Turns by an angle in radians.</summary>
    public static AffineMap Rotation(double theta) => new(Math.Cos(theta), -Math.Sin(theta), Math.Sin(theta), Math.Cos(theta), 0, 0);

    /// <summary>Adds rows and columns.</summary>
    public static AffineMap Shift(double rows, double columns) => Identity with { RowOffset = rows, ColumnOffset = columns };

    /// <summary>Shears by an angle in radians, as Keras 2.0.8 defines it.</summary>
    public static AffineMap Shear(double angle) => new(1, -Math.Sin(angle), 0, Math.Cos(angle), 0, 0);

    /// <summary>Stretches rows and columns.</summary>
    public static AffineMap Zoom(double rows, double columns) => new(rows, 0, 0, columns, 0, 0);

    /// <summary>The map that applies <paramref name="first"/> and then this one (the matrix product this · first).</summary>
    public AffineMap After(AffineMap first) => new(
        RowByRow * first.RowByRow + RowByColumn * first.ColumnByRow,
        RowByRow * first.RowByColumn + RowByColumn * first.ColumnByColumn,
        ColumnByRow * first.RowByRow + ColumnByColumn * first.ColumnByRow,
        ColumnByRow * first.RowByColumn + ColumnByColumn * first.ColumnByColumn,
        RowByRow * first.RowOffset + RowByColumn * first.ColumnOffset + RowOffset,
        ColumnByRow * first.RowOffset + ColumnByColumn * first.ColumnOffset + ColumnOffset);

    /// <summary>The same map about the point (height/2 + 0.5, width/2 + 0.5): Keras's centre, one pixel beyond the true one.</summary>
    public AffineMap AboutKerasCentre(int height, int width)
    {
        var (row, column) = (height / 2.0 + 0.5, width / 2.0 + 0.5);
        return Shift(row, column).After(After(Shift(-row, -column)));
    }
}
