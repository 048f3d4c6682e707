using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Mammo.Scoring.Managed;

/// <summary>A depthwise convolution, tap by tap where it lies, with bias and ReLU.</summary>
internal sealed unsafe class DepthwiseStep<TLanes> : TileStep
    where TLanes : struct, ILanes<TLanes>
{
    // Columns of pixels that are computed together: four sums hide most of a multiply-add's latency and fit in sixteen registers.
    private const int Group = 4;

    private readonly FeatureMap _input;
    private readonly Window _window;
    private readonly NativeFloats _weights;
    private readonly NativeFloats _bias;
    private readonly bool _relu;
    private readonly int _multiplier;

    /// <summary>Describes the layer.</summary>
    /// <param name="name">The layer.</param>
    /// <param name="window">Its window.</param>
    /// <param name="weights">For each tap a row of the output's channels.</param>
    /// <param name="bias">Biases.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="output">What it writes; so many channels for each of the input's as the multiplier says.</param>
    /// <param name="relu">max(x, 0) at the end.</param>
    public DepthwiseStep(string name, Window window, NativeFloats weights, NativeFloats bias, FeatureMap input, FeatureMap output, bool relu)
        : base(name, [input], output) =>
        (_window, _weights, _bias, _input, _relu, _multiplier) = (window, weights, bias, input, relu, output.Channels / input.Channels);

    /// <inheritdoc/>
    public override ImmutableArray<(Reach Rows, Reach Columns)> Reaches => [_window.Reach];

    /// <inheritdoc/>
    public override long MultiplyAddsOfTile => (long)TileGrid.Side * TileGrid.Side * _window.Taps * Output.Channels;

    /// <inheritdoc/>
    public override int TilesOfItem => Tuning.WindowTiles;

    // Values from one tap of a window to the next one beside and below it.
    private nint PixelOfTaps => (nint)_input.Stride * _window.Dilation.Columns;

    private nint LineOfTaps => (nint)_input.Stride * _input.Columns * _window.Dilation.Rows;

    /// <inheritdoc/>
    public override void Compute(Pass pass, ReadOnlySpan<int> tiles, int firstPart, int endPart, Scratch scratch)
    {
        foreach (var tile in Grid.Areas(tiles))
        {
            for (var row = 0; row < tile.Rows; row++)
            {
                var column = tile.Column;
                while (column < tile.Column + tile.Columns)
                {
                    var isGroup = _multiplier == 1 && column + Group <= tile.Column + tile.Columns && HoldsAllTaps(column, column + Group - 1);
                    if (isGroup)
                        ComputeGroup(At(pass.Memory, tile.Image, tile.Row + row, column));
                    else
                        ComputePixel(At(pass.Memory, tile.Image, tile.Row + row, column), 0);
                    column += isGroup ? Group : 1;
                }
            }
        }
    }

    private bool HoldsAllTaps(int firstColumn, int lastColumn) => (firstColumn * _window.Strides.Columns) - _window.Left >= 0
        && (lastColumn * _window.Strides.Columns) - _window.Left + ((_window.Kernel.Columns - 1) * _window.Dilation.Columns) < _input.Columns;

    private Place At(float* memory, int image, int row, int column)
    {
        var top = (row * _window.Strides.Rows) - _window.Top;
        var left = (column * _window.Strides.Columns) - _window.Left;
        var rows = Inside(top, _window.Kernel.Rows, _window.Dilation.Rows, _input.Rows);
        var columns = Inside(left, _window.Kernel.Columns, _window.Dilation.Columns, _input.Columns);
        var firstRow = ((long)image * _input.Rows) + top + (rows.First * _window.Dilation.Rows);
        var firstColumn = left + (columns.First * _window.Dilation.Columns);
        return new Place
        {
            Source = _input.At(memory) + (((firstRow * _input.Columns) + firstColumn) * _input.Stride),
            Weights = _weights.Pointer + ((long)((rows.First * _window.Kernel.Columns) + columns.First) * Output.Channels),
            Target = Output.At(memory) + (Grid.Pixel(image, row, column) * Output.Stride),
            Rows = rows.Count,
            Columns = columns.Count,
        };
    }

    /// <summary>Pixels side by side whose taps all lie in the plane along a row: each weight is read once for all of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ComputeGroup(Place place)
    {
        var (channels, stride) = (Output.Channels, (nint)Output.Stride);
        var (pixel, line, step) = (PixelOfTaps, LineOfTaps, (nint)_input.Stride * _window.Strides.Columns);
        var finish = new Finish<TLanes>(_bias.Pointer, _relu);

        // No call within: around one, the compiler would keep the sums in memory.
        var channel = 0;
        for (; channel + TLanes.Count <= channels; channel += TLanes.Count)
        {
            TLanes first = default, second = default, third = default, fourth = default;
            var row = place.Source + channel;
            var weight = place.Weights + channel;
            for (var y = place.Rows; y > 0; y--)
            {
                var tap = row;
                for (var x = place.Columns; x > 0; x--)
                {
                    var factor = TLanes.Load(weight);
                    first.AddProduct(TLanes.Load(tap), factor);
                    second.AddProduct(TLanes.Load(tap + step), factor);
                    third.AddProduct(TLanes.Load(tap + (2 * step)), factor);
                    fourth.AddProduct(TLanes.Load(tap + (3 * step)), factor);
                    tap += pixel;
                    weight += channels;
                }

                row += line;
            }

            var target = place.Target + channel;
            finish.Apply(first, channel, null).Store(target);
            finish.Apply(second, channel, null).Store(target + stride);
            finish.Apply(third, channel, null).Store(target + (2 * stride));
            finish.Apply(fourth, channel, null).Store(target + (3 * stride));
        }

        for (var index = 0; channel < channels && index < Group; index++)
            ComputePixel(place with { Source = place.Source + (index * step), Target = place.Target + (index * stride) }, channel);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ComputePixel(Place place, int firstChannel)
    {
        var channels = Output.Channels;
        var (pixel, line) = (PixelOfTaps, LineOfTaps);
        var weightLine = (nint)_window.Kernel.Columns * channels;
        var finish = new Finish<TLanes>(_bias.Pointer, _relu);
        var gathered = stackalloc float[TLanes.Count];
        for (var channel = firstChannel; channel < channels; channel += TLanes.Count)
        {
            TLanes sum = default;
            for (var y = 0; y < place.Rows; y++)
            {
                var tap = place.Source + (y * line);
                var weight = place.Weights + (y * weightLine) + channel;
                for (var x = 0; x < place.Columns; x++)
                {
                    sum.AddProduct(_multiplier == 1 ? TLanes.Load(tap + channel) : Spread(tap, channel, gathered), TLanes.Load(weight));
                    tap += pixel;
                    weight += channels;
                }
            }

            Finish<TLanes>.Store(finish.Apply(sum, channel, null), place.Target + channel, channels - channel);
        }
    }

    /// <summary>Each value as often as the multiplier says.</summary>
    private TLanes Spread(float* source, int channel, float* gathered)
    {
        for (var lane = 0; lane < TLanes.Count; lane++)
            gathered[lane] = source[Math.Min(channel + lane, Output.Channels - 1) / _multiplier];
        return TLanes.Load(gathered);
    }

    /// <summary>The taps that lie in the plane along one axis.</summary>
    private static (int First, int Count) Inside(int start, int taps, int dilation, int size)
    {
        var first = start >= 0 ? 0 : Math.Min(taps, (-start + dilation - 1) / dilation);
        var end = Math.Clamp((size - start + dilation - 1) / dilation, first, taps);
        return (first, end - first);
    }

    /// <summary>Where a pixel's taps, weights and outputs begin, and how many taps lie in the plane.</summary>
    private readonly struct Place
    {
        public required float* Source { get; init; }

        public required float* Weights { get; init; }

        public required float* Target { get; init; }

        public required int Rows { get; init; }

        public required int Columns { get; init; }
    }
}
