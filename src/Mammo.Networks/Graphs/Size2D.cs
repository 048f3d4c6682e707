namespace Mammo.Networks.Graphs;

/// <summary>A pair of sizes in pixels or steps, rows first as in Keras.</summary>
/// <param name="Rows">Vertical size.</param>
/// <param name="Columns">Horizontal size.</param>
public readonly record struct Size2D(int Rows, int Columns)
{
    /// <summary>The same size in both directions.</summary>
    public static Size2D Square(int size) => new(size, size);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Rows}x{Columns}");
}
