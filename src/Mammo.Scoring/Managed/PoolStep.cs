using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Mammo.Scoring.Managed;

/// <summary>Maximum or mean over windows; pixels outside the plane do not count.</summary>
internal sealed unsafe class PoolStep<TLanes>(string name, Window window, bool isMaximum, FeatureMap input, FeatureMap output) : TileStep(name, [input], output)
    where TLanes : struct, ILanes<TLanes>
{
    /// <inheritdoc/>
    public override ImmutableArray<(Reach Rows, Reach Columns)> Reaches => [window.Reach];

    /// <inheritdoc/>
    public override int TilesOfItem => Tuning.WindowTiles;

    /// <inheritdoc/>
    public override void Compute(Pass pass, ReadOnlySpan<int> tiles, int firstPart, int endPart, Scratch scratch)
    {
        foreach (var tile in Grid.Areas(tiles))
        {
            for (var row = 0; row < tile.Rows; row++)
            {
                for (var column = 0; column < tile.Columns; column++)
                    Compute(pass.Memory, tile.Image, tile.Row + row, tile.Column + column);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Compute(float* memory, int image, int row, int column)
    {
        var (top, bottom) = Inside((row * window.Strides.Rows) - window.Top, window.Kernel.Rows, input.Rows);
        var (left, right) = Inside((column * window.Strides.Columns) - window.Left, window.Kernel.Columns, input.Columns);
        var source = input.At(memory) + ((((((long)image * input.Rows) + top) * input.Columns) + left) * input.Stride);
        var line = (nint)input.Columns * input.Stride;
        var target = Output.At(memory) + (Grid.Pixel(image, row, column) * Output.Stride);
        var count = TLanes.Of((bottom - top) * (right - left));
        for (var channel = 0; channel < Output.Channels; channel += TLanes.Count)
        {
            var value = isMaximum ? TLanes.Of(float.NegativeInfinity) : default;
            for (nint y = 0; y < bottom - top; y++)
            {
                var cell = source + (y * line) + channel;
                for (var x = left; x < right; x++)
                {
                    value = isMaximum ? TLanes.Max(value, TLanes.Load(cell)) : value + TLanes.Load(cell);
                    cell += input.Stride;
                }
            }

            Finish<TLanes>.Store(isMaximum ? value : value / count, target + channel, Output.Channels - channel);
        }
    }

    private static (int First, int End) Inside(int start, int length, int size) => (Math.Max(start, 0), Math.Min(start + length, size));
}
