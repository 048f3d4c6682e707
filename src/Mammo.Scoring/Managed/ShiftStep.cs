using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Scoring.Managed;

/// <summary>Copies a plane with zeros around it, or without its borders, or with each pixel repeated.</summary>
/// <param name="name">The layer.</param>
/// <param name="top">Output rows above the input's first; negative where rows are cut.</param>
/// <param name="left">Output columns left of the input's first; negative where columns are cut.</param>
/// <param name="factor">How often rows and columns are repeated.</param>
/// <param name="input">What it reads.</param>
/// <param name="output">What it writes.</param>
internal sealed unsafe class ShiftStep(string name, int top, int left, Size2D factor, FeatureMap input, FeatureMap output) : TileStep(name, [input], output)
{
    /// <inheritdoc/>
    public override ImmutableArray<(Reach Rows, Reach Columns)> Reaches => factor == Size2D.Square(1) ? [(new Reach(1, top, 1), new Reach(1, left, 1))] : [];

    /// <inheritdoc/>
    public override int TilesOfItem => Tuning.WindowTiles;

    /// <inheritdoc/>
    public override void Compute(Pass pass, ReadOnlySpan<int> tiles, int firstPart, int endPart, Scratch scratch)
    {
        float* from = input.At(pass.Memory), to = Output.At(pass.Memory);
        foreach (var tile in Grid.Areas(tiles))
        {
            for (var row = tile.Row; row < tile.Row + tile.Rows; row++)
            {
                for (var column = tile.Column; column < tile.Column + tile.Columns; column++)
                {
                    var target = new Span<float>(to + (Grid.Pixel(tile.Image, row, column) * Output.Stride), Output.Channels);
                    var (y, x) = ((row - top) / factor.Rows, (column - left) / factor.Columns);
                    if (row < top || column < left || y >= input.Rows || x >= input.Columns)
                        target.Clear();
                    else
                        new Span<float>(from + ((((((long)tile.Image * input.Rows) + y) * input.Columns) + x) * input.Stride), Output.Channels).CopyTo(target);
                }
            }
        }
    }
}
