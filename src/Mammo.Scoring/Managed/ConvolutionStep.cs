using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Mammo.Scoring.Managed;

/// <summary>Any convolution or dense layer as products of rows and weights, with bias, a map added and ReLU.</summary>
/// <remarks>
/// The row of an output is its window: a segment of all channels for each tap, taken where it lies, or from a pixel of zeros where the tap is outside the
/// plane. Of few channels, a segment is a row of the window, which lies together in memory too; windows at the border are copied with zeros around.
/// </remarks>
internal sealed unsafe class ConvolutionStep<TLanes> : TileStep
    where TLanes : struct, ILanes<TLanes>
{
    private const int BlockWidth = PackedWeights<TLanes>.BlockWidth;
    private const int GroupRows = MicroKernel<TLanes>.Rows;

    private readonly FeatureMap _input;
    private readonly FeatureMap? _added;
    private readonly Window _window;
    private readonly ProductWeights<TLanes> _weights;
    private readonly bool _relu;
    private readonly bool _byRows;

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
        _byRows = input.Channels < Tuning.FewestChannelsOfSegment && window.Taps > 1;
    }

    /// <inheritdoc/>
    public override ImmutableArray<(Reach Rows, Reach Columns)> Reaches => _added is null ? [_window.Reach] : [_window.Reach, (Reach.Same, Reach.Same)];

    /// <inheritdoc/>
    public override long MultiplyAddsOfTile => (long)TilePixels * _weights.Packed.Depth * _weights.Packed.Outputs;

    /// <inheritdoc/>
    public override long ScratchLength => Scratch.Size(2 * MaxRows)
        + Scratch.Size(2L * MaxRows * Segments)
        + Scratch.Size(MaxRows * BlockWidth)
        + Scratch.Size(_byRows ? (long)MaxRows * _weights.Packed.Depth : _input.Channels);

    /// <inheritdoc/>
    protected override int TilesOfItem => Tuning.WindowTiles;

    /// <inheritdoc/>
    protected override int Parts => _weights.Packed.Blocks;

    private static int TilePixels => TileGrid.Side * TileGrid.Side;

    private int MaxRows => ((TilesOfItem * TilePixels) + GroupRows - 1) / GroupRows * GroupRows;

    private int Segments => _byRows ? _window.Kernel.Rows : _window.Taps;

    private int SegmentLength => _byRows ? _window.Kernel.Columns * _input.Channels : _input.Channels;

    // A row of a window is one run of memory.
    private bool LiesTogether => _window.Dilation.Columns == 1 && _input.Stride == _input.Channels;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Compute(Pass pass, ReadOnlySpan<int> tiles, int firstPart, int endPart, Scratch scratch)
    {
        var pixels = scratch.TakeOffsets(MaxRows);
        var offsets = scratch.TakeOffsets((long)MaxRows * Segments);
        var sums = scratch.Take(MaxRows * BlockWidth);
        var extra = scratch.Take(_byRows ? (long)MaxRows * _weights.Packed.Depth : _input.Channels);
        if (!_byRows)
            new Span<float>(extra, _input.Channels).Clear();
        var count = 0;
        foreach (var area in Grid.Areas(tiles))
        {
            for (var row = area.Row; row < area.Row + area.Rows; row++)
            {
                for (var column = area.Column; column < area.Column + area.Columns; column++)
                {
                    var (top, left) = ((row * _window.Strides.Rows) - _window.Top, (column * _window.Strides.Columns) - _window.Left);
                    pixels[count] = (nint)Grid.Pixel(area.Image, row, column);
                    var first = offsets + (count / GroupRows * GroupRows * Segments) + (count % GroupRows);
                    if (_byRows)
                        PointRows(pass.Memory, area.Image, top, left, first, extra + ((long)count * _weights.Packed.Depth));
                    else
                        PointTaps(pass.Memory, area.Image, top, left, first, extra);
                    count++;
                }
            }
        }

        for (var row = count; row % GroupRows != 0; row++)
            Repeat(offsets, row);
        var rows = new RowTable(offsets, (count + GroupRows - 1) / GroupRows, Segments, SegmentLength);
        for (var block = firstPart; block < endPart; block++)
        {
            var store = new Store(this, pass.Memory, pixels, count, block * BlockWidth);
            var following = _weights.Packed.Plane(block + 1 < endPart ? block + 1 : firstPart, 0);
            BlockProduct<TLanes>.Run(_weights.Packed, block, 0, rows, pass.Memory, sums, BlockWidth, store, following);
        }
    }

    /// <summary>Rows that the last group lacks: the one before once more.</summary>
    private void Repeat(nint* offsets, int row)
    {
        var group = offsets + (row / GroupRows * GroupRows * Segments);
        for (var segment = 0; segment < Segments; segment++)
            group[(segment * GroupRows) + (row % GroupRows)] = group[(segment * GroupRows) + (row % GroupRows) - 1];
    }

    /// <summary>Where the taps of a window lie.</summary>
    private void PointTaps(float* memory, int image, int top, int left, nint* offsets, float* zeros)
    {
        var input = (nint)(_input.At(memory) - memory);
        var outside = (nint)(zeros - memory);
        for (var row = 0; row < _window.Kernel.Rows; row++)
        {
            var y = top + (row * _window.Dilation.Rows);
            for (var column = 0; column < _window.Kernel.Columns; column++)
            {
                var x = left + (column * _window.Dilation.Columns);
                *offsets = IsInside(y, x) ? input + Offset(image, y, x) : outside;
                offsets += GroupRows;
            }
        }
    }

    /// <summary>Where the rows of a window lie, or its copy.</summary>
    private void PointRows(float* memory, int image, int top, int left, nint* offsets, float* copy)
    {
        var bottom = top + ((_window.Kernel.Rows - 1) * _window.Dilation.Rows);
        var isInPlace = LiesTogether && IsInside(top, left) && IsInside(bottom, left + _window.Kernel.Columns - 1);
        if (!isInPlace)
            Copy(memory, image, top, left, copy);
        var first = isInPlace ? (nint)(_input.At(memory) - memory) + Offset(image, top, left) : (nint)(copy - memory);
        var stride = isInPlace ? (nint)_input.Columns * _input.Stride * _window.Dilation.Rows : SegmentLength;
        for (var row = 0; row < _window.Kernel.Rows; row++)
            offsets[row * GroupRows] = first + (row * stride);
    }

    private void Copy(float* memory, int image, int top, int left, float* target)
    {
        for (var row = 0; row < _window.Kernel.Rows; row++)
        {
            var y = top + (row * _window.Dilation.Rows);
            for (var column = 0; column < _window.Kernel.Columns; column++)
            {
                var x = left + (column * _window.Dilation.Columns);
                var source = _input.At(memory) + Offset(image, y, x);
                for (var channel = 0; channel < _input.Channels; channel++)
                    *target++ = IsInside(y, x) ? source[channel] : 0;
            }
        }
    }

    private bool IsInside(int y, int x) => (uint)y < (uint)_input.Rows && (uint)x < (uint)_input.Columns;

    private nint Offset(int image, int y, int x) => (nint)((((long)image * _input.Rows) + y) * _input.Columns + x) * _input.Stride;

    /// <summary>Finishes the sums of a block and writes them.</summary>
    private readonly struct Store(ConvolutionStep<TLanes> step, float* memory, nint* pixels, int count, int firstChannel) : ISumTaker
    {
        private readonly Finish<TLanes> _finish = new(step._weights.Bias.Pointer, step._relu);
        private readonly float* _output = step.Output.At(memory);
        private readonly float* _added = step._added is null ? null : step._added.At(memory);
        private readonly nint _stride = step.Output.Stride;
        private readonly nint _addedStride = step._added?.Stride ?? 0;
        private readonly int _channels = step.Output.Channels;

        /// <inheritdoc/>
        public static bool TakesSums => true;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Expect(int group, int column, int width)
        {
            var end = Math.Min(GroupRows, count - (group * GroupRows));
            for (var row = 0; row < end; row++)
            {
                var pixel = pixels[(group * GroupRows) + row];
                Cache.Fetch(_output + (pixel * _stride) + firstChannel + column, width);
                if (_added is not null)
                    Cache.Fetch(_added + (pixel * _addedStride) + firstChannel + column, width);
            }
        }

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Take(int group, int column, int width, float* sums)
        {
            var end = Math.Min(GroupRows, count - (group * GroupRows));
            for (var row = 0; row < end; row++)
            {
                var pixel = pixels[(group * GroupRows) + row];
                var added = _added is null ? null : _added + (pixel * _addedStride);
                _finish.Store(sums + (row * BlockWidth), firstChannel + column, width, added, _output + (pixel * _stride), _channels);
            }
        }
    }
}
