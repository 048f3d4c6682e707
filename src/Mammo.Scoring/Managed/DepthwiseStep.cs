using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Mammo.Scoring.Managed;

/// <summary>A depthwise convolution, tap by tap where it lies, with bias and ReLU.</summary>
internal sealed unsafe class DepthwiseStep<TLanes> : TileStep
    where TLanes : struct, ILanes<TLanes>
{
    private readonly FeatureMap _input;
    private readonly Window _window;
    private readonly NativeFloats _weights;
    private readonly NativeFloats _bias;
    private readonly bool _relu;

    /// <summary>Describes the layer.</summary>
    /// <param name="name">The layer.</param>
    /// <param name="window">Its window.</param>
    /// <param name="weights">For each tap a row of the output's channels.</param>
    /// <param name="bias">Biases.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="output">What it writes; so many channels for each of the input's as the multiplier says.</param>
    /// <param name="relu">max(x, 0) at the end.</param>
    public DepthwiseStep(string name, Window window, NativeFloats weights, NativeFloats bias, FeatureMap input, FeatureMap output, bool relu)
        : base(name, [input], output) => (_window, _weights, _bias, _input, _relu) = (window, weights, bias, input, relu);

    /// <inheritdoc/>
    public override ImmutableArray<(Reach Rows, Reach Columns)> Reaches => [_window.Reach];

    /// <inheritdoc/>
    public override long MultiplyAddsOfTile => (long)TileGrid.Side * TileGrid.Side * _window.Taps * Output.Channels;

    /// <inheritdoc/>
    public override int TilesOfItem => Tuning.WindowTiles;

    private int Multiplier => Output.Channels / _input.Channels;

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
        var top = (row * _window.Strides.Rows) - _window.Top;
        var left = (column * _window.Strides.Columns) - _window.Left;
        var rows = Inside(top, _window.Kernel.Rows, _window.Dilation.Rows, _input.Rows);
        var columns = Inside(left, _window.Kernel.Columns, _window.Dilation.Columns, _input.Columns);
        var pixel = (nint)_input.Stride * _window.Dilation.Columns;
        var line = (nint)_input.Stride * _input.Columns * _window.Dilation.Rows;
        var firstRow = ((long)image * _input.Rows) + top + (rows.First * _window.Dilation.Rows);
        var firstColumn = left + (columns.First * _window.Dilation.Columns);
        var source = _input.At(memory) + (((firstRow * _input.Columns) + firstColumn) * _input.Stride);
        var weights = _weights.Pointer + ((long)((rows.First * _window.Kernel.Columns) + columns.First) * Output.Channels);
        var target = Output.At(memory) + (Grid.Pixel(image, row, column) * Output.Stride);
        var finish = new Finish<TLanes>(_bias.Pointer, _relu);
        var gathered = stackalloc float[TLanes.Count];
        for (var channel = 0; channel < Output.Channels; channel += TLanes.Count)
        {
            TLanes sum = default;
            for (var y = 0; y < rows.Count; y++)
            {
                var tap = source + (y * line);
                var weight = weights + ((long)y * _window.Kernel.Columns * Output.Channels) + channel;
                for (var x = 0; x < columns.Count; x++)
                {
                    sum = TLanes.MultiplyAdd(Multiplier == 1 ? TLanes.Load(tap + channel) : Spread(tap, channel, gathered), TLanes.Load(weight), sum);
                    tap += pixel;
                    weight += Output.Channels;
                }
            }

            Finish<TLanes>.Store(finish.Apply(sum, channel, null), target + channel, Output.Channels - channel);
        }
    }

    /// <summary>Each value as often as the multiplier says.</summary>
    private TLanes Spread(float* source, int channel, float* gathered)
    {
        for (var lane = 0; lane < TLanes.Count; lane++)
            gathered[lane] = source[Math.Min(channel + lane, Output.Channels - 1) / Multiplier];
        return TLanes.Load(gathered);
    }

    /// <summary>The taps that lie in the plane along one axis.</summary>
    private static (int First, int Count) Inside(int start, int taps, int dilation, int size)
    {
        var first = start >= 0 ? 0 : Math.Min(taps, (-start + dilation - 1) / dilation);
        var end = Math.Clamp((size - start + dilation - 1) / dilation, first, taps);
        return (first, end - first);
    }
}
