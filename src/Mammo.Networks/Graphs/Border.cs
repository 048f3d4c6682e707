namespace Mammo.Networks.Graphs;

/// <summary>Pixels added to, or cut from, the four sides of a plane.</summary>
/// <param name="Top">Rows at the top.</param>
/// <param name="Bottom">Rows at the bottom.</param>
/// <param name="Left">Columns at the left.</param>
/// <param name="Right">Columns at the right.</param>
public readonly record struct Border(int Top, int Bottom, int Left, int Right);
