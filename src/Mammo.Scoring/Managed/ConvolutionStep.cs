using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Mammo.Scoring.Managed;

/// <summary>Any convolution or dense layer as products of rows and weights, with bias, a map added and ReLU.</summary>
/// <remarks>
/// The row of an output is its window: a segment of all channels for each tap, taken where it lies, or from a pixel of zeros where the tap is outside the
/// plane. Windows over few channels are gathered into one segment first.
/// </remarks>
internal sealed unsafe class ConvolutionStep<TLanes> : TileStep
    where TLanes : struct, ILanes<TLanes>
{
    private const int BlockWidth = PackedWeights<TLanes>.BlockWidth;
    private const int GroupRows = MicroKernel<TLanes>.Rows;

    // Below this, moving from tap to tap takes longer than gathering.
    private const int FewestChannelsOfSegment = 8;

    private readonly FeatureMap _input;
    private readonly FeatureMap? _added;
    private readonly Window _window;
    private readonly ProductWeights<TLanes> _weights;
    private readonly bool _relu;
    private readonly bool _gathers;

    /// <summary>Describes the layer.</summary>
    /// <param name="name">The layer.</param>
    /// <param name="window">Its window.</param>
    /// <param name="weights">Weights in the order row, column, channel.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="added">What is added to it; null for nothing.</param>
    /// <param name="output">What it writes.</param>
    /// <param name="relu">max(x, 0) at the end.</param>
    public ConvolutionStep(string name, Window window, ProductWeights<TLanes> weights, FeatureMap input, FeatureMap? added, FeatureMap output, bool relu)
        : base(name, added is null ? [input] : [input, added], output)
    {
        (_window, _weights, _input, _added, _relu) = (window, weights, input, added, relu);
        _gathers = input.Channels < FewestChannelsOfSegment && window.Taps > 1;
    }

    /// <inheritdoc/>
    public override ImmutableArray<(Reach Rows, Reach Columns)> Reaches => _added is null ? [_window.Reach] : [_window.Reach, (Reach.Same, Reach.Same)];

    /// <inheritdoc/>
    public override long ScratchLength => Scratch.Size(2 * MaxRows)
        + Scratch.Size(2L * MaxRows * Segments)
        + Scratch.Size(MaxRows * BlockWidth)
        + Scratch.Size(_gathers ? (long)MaxRows * RowLength : _input.Channels);

    /// <inheritdoc/>
    protected override int TilesOfItem => Tuning.WindowTiles;

    /// <inheritdoc/>
    protected override int Parts => _weights.Packed.Blocks;

    private static int TilePixels => TileGrid.Side * TileGrid.Side;

    private int MaxRows => ((TilesOfItem * TilePixels) + GroupRows - 1) / GroupRows * GroupRows;

    private int Segments => _gathers ? 1 : _window.Taps;

    // Gathering copies whole registers, the last of which reaches behind the window.
    private int RowLength => (int)Scratch.Size(_weights.Packed.Depth);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Compute(Pass pass, ReadOnlySpan<int> tiles, int firstPart, int endPart, Scratch scratch)
    {
        var pixels = scratch.TakeOffsets(MaxRows);
        var offsets = scratch.TakeOffsets((long)MaxRows * Segments);
        var sums = scratch.Take(MaxRows * BlockWidth);
        var extra = scratch.Take(_gathers ? (long)MaxRows * RowLength : _input.Channels);
        if (!_gathers)
            new Span<float>(extra, _input.Channels).Clear();
        var count = 0;
        foreach (var number in tiles)
        {
            var tile = Grid[number];
            for (var row = 0; row < tile.Rows; row++)
            {
                for (var column = 0; column < tile.Columns; column++)
                {
                    var top = ((tile.Row + row) * _window.Strides.Rows) - _window.Top;
                    var place = (tile.Image, Row: top, Column: ((tile.Column + column) * _window.Strides.Columns) - _window.Left);
                    pixels[count] = (nint)Grid.Pixel(tile.Image, tile.Row + row, tile.Column + column);
                    var first = offsets + (count / GroupRows * GroupRows * Segments) + (count % GroupRows);
                    if (_gathers)
                        *first = Gather(pass.Memory, place, extra + ((long)count * RowLength));
                    else
                        Point(pass.Memory, place, first, extra);
                    count++;
                }
            }
        }

        for (var row = count; row % GroupRows != 0; row++)
            Repeat(offsets, row);
        var rows = new RowTable(offsets, (count + GroupRows - 1) / GroupRows, Segments, _gathers ? _weights.Packed.Depth : _input.Channels);
        for (var block = firstPart; block < endPart; block++)
        {
            BlockProduct<TLanes>.Run(_weights.Packed, block, 0, rows, pass.Memory, sums, BlockWidth);
            Store(pass.Memory, block, pixels, count, sums);
        }
    }

    /// <summary>Rows that the last group lacks: the one before once more.</summary>
    private void Repeat(nint* offsets, int row)
    {
        var group = offsets + (row / GroupRows * GroupRows * Segments);
        for (var segment = 0; segment < Segments; segment++)
            group[(segment * GroupRows) + (row % GroupRows)] = group[(segment * GroupRows) + (row % GroupRows) - 1];
    }

    private void Point(float* memory, (int Image, int Row, int Column) place, nint* offsets, float* zeros)
    {
        var input = (nint)(_input.At(memory) - memory);
        var outside = (nint)(zeros - memory);
        for (var row = 0; row < _window.Kernel.Rows; row++)
        {
            var y = place.Row + (row * _window.Dilation.Rows);
            for (var column = 0; column < _window.Kernel.Columns; column++)
            {
                var x = place.Column + (column * _window.Dilation.Columns);
                var isInside = (uint)y < (uint)_input.Rows && (uint)x < (uint)_input.Columns;
                *offsets = isInside ? input + (nint)(((((long)place.Image * _input.Rows) + y) * _input.Columns) + x) * _input.Stride : outside;
                offsets += GroupRows;
            }
        }
    }

    private nint Gather(float* memory, (int Image, int Row, int Column) place, float* target)
    {
        var start = target;
        var channels = _input.Channels;
        for (var row = 0; row < _window.Kernel.Rows; row++)
        {
            var y = place.Row + (row * _window.Dilation.Rows);
            for (var column = 0; column < _window.Kernel.Columns; column++)
            {
                var x = place.Column + (column * _window.Dilation.Columns);
                var isInside = (uint)y < (uint)_input.Rows && (uint)x < (uint)_input.Columns;
                var source = _input.At(memory) + ((((((long)place.Image * _input.Rows) + y) * _input.Columns) + x) * _input.Stride);
                for (var channel = 0; channel < channels; channel++)
                    *target++ = isInside ? source[channel] : 0;
            }
        }

        return (nint)(start - memory);
    }

    private void Store(float* memory, int block, nint* pixels, int count, float* sums)
    {
        var finish = new Finish<TLanes>(_weights.Bias.Pointer, _relu);
        var width = _weights.Packed.Width(block);
        for (var row = 0; row < count; row++)
        {
            var target = Output.At(memory) + ((long)pixels[row] * Output.Stride);
            var added = _added is null ? null : _added.At(memory) + ((long)pixels[row] * _added.Stride);
            finish.Store(sums + ((long)row * BlockWidth), block * BlockWidth, width, added, target, Output.Channels);
        }
    }
}
