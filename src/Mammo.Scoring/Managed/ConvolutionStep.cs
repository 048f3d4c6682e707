using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using Mammo.Networks.Graphs;

namespace Mammo.Scoring.Managed;

/// <summary>Any convolution or dense layer as products of rows and weights, with bias, a map added and ReLU.</summary>
/// <remarks>
/// The row of an output is its window: a segment of all channels for each tap, taken where it lies, or from a pixel of zeros where the tap is outside the
/// plane. Of few channels, a segment is a row of the window, which lies together in memory too; windows at the border are copied with zeros around.
/// With a shortcut, the row is a pixel of the input and one of the shortcut's, both cut into segments of the greatest length that divides both.
/// </remarks>
internal sealed unsafe class ConvolutionStep<TLanes> : TileStep
    where TLanes : struct, ILanes<TLanes>
{
    private const int BlockWidth = PackedWeights<TLanes>.BlockWidth;
    private const int GroupRows = MicroKernel<TLanes>.Rows;

    private readonly FeatureMap _input;
    private readonly (FeatureMap Map, Size2D Strides)? _shortcut;
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
    /// <param name="shortcut">
    /// What a 1x1 convolution reads whose sums are added, and its strides; its weights follow those of the step's own window, which is a pixel then.
    /// Null for none.
    /// </param>
    /// <param name="added">What is added to it; null for nothing.</param>
    /// <param name="output">What it writes.</param>
    /// <param name="relu">max(x, 0) at the end.</param>
    public ConvolutionStep(
        string name,
        Window window,
        ProductWeights<TLanes> weights,
        FeatureMap input,
        (FeatureMap Map, Size2D Strides)? shortcut,
        FeatureMap? added,
        FeatureMap output,
        bool relu)
        : base(name, [.. new[] { input, shortcut?.Map, added }.OfType<FeatureMap>()], output)
    {
        (_window, _weights, _input, _shortcut, _added, _relu) = (window, weights, input, shortcut, added, relu);
        _byRows = input.Channels < Tuning.FewestChannelsOfSegment && window.Taps > 1;
        SegmentLength = _byRows ? window.Kernel.Columns * input.Channels
            : shortcut is { Map.Channels: var channels } ? (int)BigInteger.GreatestCommonDivisor(input.Channels, channels)
            : input.Channels;
    }

    /// <inheritdoc/>
    public override ImmutableArray<(Reach Rows, Reach Columns)> Reaches =>
    [
        _window.Reach,
        .. _shortcut is { Strides: var strides } ? [(Window.Pixel with { Strides = strides }).Reach] : Array.Empty<(Reach, Reach)>(),
        .. _added is null ? Array.Empty<(Reach, Reach)>() : [(Reach.Same, Reach.Same)],
    ];

    /// <inheritdoc/>
    public override long MultiplyAddsOfTile => (long)TilePixels * _weights.Packed.Depth * _weights.Packed.Outputs;

    /// <inheritdoc/>
    public override long ScratchLength => Scratch.Size(2 * MaxRows)
        + Scratch.Size(2L * MaxRows * Segments)
        + Scratch.Size(MaxRows * BlockWidth)
        + Scratch.Size(_byRows ? (long)MaxRows * _weights.Packed.Depth : _input.Channels);

    /// <inheritdoc/>
    public override int TilesOfItem => Tuning.WindowTiles;

    /// <inheritdoc/>
    public override int Parts => _weights.Packed.Blocks;

    private static int TilePixels => TileGrid.Side * TileGrid.Side;

    private int MaxRows => ((TilesOfItem * TilePixels) + GroupRows - 1) / GroupRows * GroupRows;

    private int Segments => _weights.Packed.Depth / SegmentLength;

    private int SegmentLength { get; }

    // A row of a window is one run of memory.
    private bool LiesTogether => _window.Dilation.Columns == 1 && _input.Stride == _input.Channels;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Compute(Pass pass, ReadOnlySpan<int> tiles, int firstPart, int endPart, Scratch scratch)
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
                    if (_shortcut is { } shortcut)
                        PointPixels(pass.Memory, area.Image, row, column, first, shortcut.Map, shortcut.Strides);
                    else if (_byRows)
                        PointRows(pass.Memory, area.Image, top, left, first, extra + ((long)count * _weights.Packed.Depth));
                    else
                        PointTaps(pass.Memory, area.Image, top, left, first, extra);
                    count++;
                }
            }
        }

        for (var row = count; row % GroupRows != 0; row++)
            Repeat(offsets, row);
        var rows = new RowTable(offsets, (count + GroupRows - 1) / GroupRows, Segments, SegmentLength, areFar: !_byRows && !FindsInputsInCache);
        for (var block = firstPart; block < endPart; block++)
        {
            var store = new Store(this, pass.Memory, pixels, count, block * BlockWidth);
            var following = _weights.Packed.AreNear ? null : _weights.Packed.Plane(block + 1 < endPart ? block + 1 : firstPart, 0);
            BlockProduct<TLanes>.Run(_weights.Packed, block, 0, rows, pass.Memory, sums, BlockWidth, ref store, following);
        }
    }

    /// <summary>Rows that the last group lacks: the one before once more.</summary>
    private void Repeat(nint* offsets, int row)
    {
        var group = offsets + (row / GroupRows * GroupRows * Segments);
        for (var segment = 0; segment < Segments; segment++)
            group[(segment * GroupRows) + (row % GroupRows)] = group[(segment * GroupRows) + (row % GroupRows) - 1];
    }

    /// <summary>Where the pixels of the step's own input and of the shortcut's lie, in segments of equal length.</summary>
    private void PointPixels(float* memory, int image, int row, int column, nint* offsets, FeatureMap shortcut, Size2D strides)
    {
        var own = (nint)(_input.At(memory) - memory) + Offset(_input, image, row * _window.Strides.Rows, column * _window.Strides.Columns);
        for (var channel = 0; channel < _input.Channels; channel += SegmentLength, offsets += GroupRows)
            *offsets = own + channel;
        var other = (nint)(shortcut.At(memory) - memory) + Offset(shortcut, image, row * strides.Rows, column * strides.Columns);
        for (var channel = 0; channel < shortcut.Channels; channel += SegmentLength, offsets += GroupRows)
            *offsets = other + channel;
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
                *offsets = IsInside(y, x) ? input + Offset(_input, image, y, x) : outside;
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
        var first = isInPlace ? (nint)(_input.At(memory) - memory) + Offset(_input, image, top, left) : (nint)(copy - memory);
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
                var source = _input.At(memory) + Offset(_input, image, y, x);
                for (var channel = 0; channel < _input.Channels; channel++)
                    *target++ = IsInside(y, x) ? source[channel] : 0;
            }
        }
    }

    private bool IsInside(int y, int x) => (uint)y < (uint)_input.Rows && (uint)x < (uint)_input.Columns;

    private static nint Offset(FeatureMap map, int image, int y, int x) => (nint)((((long)image * map.Rows) + y) * map.Columns + x) * map.Stride;

    /// <summary>Finishes the sums of a block and writes them.</summary>
    private readonly struct Store(ConvolutionStep<TLanes> step, float* memory, nint* pixels, int count, int firstChannel) : ISumTaker
    {
        private readonly Finish<TLanes> _finish = new(step._weights.Bias.Pointer, step._relu);
        private readonly float* _output = step.Output.At(memory);
        private readonly float* _added = step._added is null ? null : step._added.At(memory);
        private readonly nint _stride = step.Output.Stride;
        private readonly nint _addedStride = step._added?.Stride ?? 0;
        private readonly int _channels = step.Output.Channels;
        private readonly bool _isInPlace = step._added?.LiesAt(step.Output) ?? false;
        private readonly int _fullGroups = count / GroupRows;
        private readonly int _lastFullPanel = step.Output.Channels - firstChannel - (TLanes.PanelRegisters * TLanes.Count);

        /// <inheritdoc/>
        public static bool TakesSums => true;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Expect(int group, int column, int width)
        {
            if (IsFull(group, column))
            {
                GroupFinish<TLanes>.Fetch(_output + firstChannel + column, _stride, pixels + (group * GroupRows));
                if (_added is not null && !_isInPlace)
                    GroupFinish<TLanes>.Fetch(_added + firstChannel + column, _addedStride, pixels + (group * GroupRows));
                return;
            }

            ExpectSome(group, column, width);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private void ExpectSome(int group, int column, int width)
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
            if (IsFull(group, column))
            {
                var channel = firstChannel + column;
                GroupFinish<TLanes>.Store(
                    sums,
                    BlockWidth,
                    step._weights.Bias.Pointer + channel,
                    _added is null ? null : _added + channel,
                    _addedStride,
                    _output + channel,
                    _stride,
                    pixels + (group * GroupRows),
                    step._relu);
                return;
            }

            TakeSome(group, column, width, sums);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private void TakeSome(int group, int column, int width, float* sums)
        {
            var end = Math.Min(GroupRows, count - (group * GroupRows));
            for (var row = 0; row < end; row++)
            {
                var pixel = pixels[(group * GroupRows) + row];
                var added = _added is null ? null : _added + (pixel * _addedStride);
                _finish.Store(sums + (row * BlockWidth), firstChannel + column, width, added, _output + (pixel * _stride), _channels);
            }
        }

        /// <summary>Six pixels and a full panel of channels that exist.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private bool IsFull(int group, int column) => group < _fullGroups && column <= _lastFullPanel;
    }
}
