using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Mammo.Scoring.Managed;

/// <summary>
/// A convolution of few channels and the maximum of 3 × 3 with stride 2 behind it. Sums of three rows of the convolution stay in the cache and are pooled
/// there: the map in between, often a network's largest, is never written to memory and read again.
/// </summary>
/// <remarks>
/// Each sum is added up in the order of <see cref="ConvolutionStep{TLanes}"/>. Bias and ReLU, which keep the order of values, come behind the maximum, where
/// there is a quarter of the pixels. So the values are the same to the bit.
/// </remarks>
internal sealed unsafe class PooledConvolutionStep<TLanes> : TileStep
    where TLanes : struct, ILanes<TLanes>
{
    private const int BlockWidth = PackedWeights<TLanes>.BlockWidth;
    private const int GroupRows = MicroKernel<TLanes>.Rows;

    // Pixels of the output that are fetched before they are written.
    private const int PixelsAhead = 8;

    // An item of work is a rectangle of tiles. So wide that three rows of sums stay in the second level of the cache; so high that the row which it shares
    // with the one above, and computes again, hardly counts.
    private const int MostColumns = 32;
    private const int MostRows = 8;

    private readonly FeatureMap _input;
    private readonly Window _window;
    private readonly ProductWeights<TLanes> _weights;
    private readonly bool _relu;

    // From a row of sums to the next, and from a row of copied input to the next.
    private readonly nint _rowStride;
    private readonly nint _lineStride;

    // Where the rows of six neighbouring windows begin.
    private readonly nint[] _offsets;

    /// <summary>Describes both layers.</summary>
    /// <param name="name">The pool.</param>
    /// <param name="window">The convolution's window.</param>
    /// <param name="weights">Weights in the order row, column, channel.</param>
    /// <param name="input">What the convolution reads.</param>
    /// <param name="output">What the pool writes.</param>
    /// <param name="relu">max(x, 0) before the pool.</param>
    public PooledConvolutionStep(string name, Window window, ProductWeights<TLanes> weights, FeatureMap input, FeatureMap output, bool relu)
        : base(name, [input], output)
    {
        (_window, _weights, _input, _relu) = (window, weights, input, relu);

        // A row may begin behind the first sum, and its last six be incomplete.
        var pixels = Sums(Math.Min(MostColumns, Grid.Columns) * TileGrid.Side) + (2 * GroupRows);
        _rowStride = (nint)pixels * Width;
        _lineStride = (nint)LineColumns(pixels) * input.Channels;
        _offsets = new nint[window.Kernel.Rows * GroupRows];
        for (var index = 0; index < _offsets.Length; index++)
            _offsets[index] = (index / GroupRows * _lineStride) + (index % GroupRows * PixelStride);
    }

    /// <inheritdoc/>
    public override ImmutableArray<(Reach Rows, Reach Columns)> Reaches => [(Joined(_window.Reach.Rows), Joined(_window.Reach.Columns))];

    /// <inheritdoc/>
    public override long MultiplyAddsOfTile =>
        (long)TileGrid.Side * PoolFusion.Stride * TileGrid.Side * PoolFusion.Stride * _weights.Packed.Depth * _weights.Packed.Outputs;

    /// <inheritdoc/>
    public override long ScratchLength => Scratch.Size(LinesLength) + Scratch.Size(PoolFusion.Side * _rowStride);

    /// <inheritdoc/>
    public override bool CanBeChained => false;

    /// <inheritdoc/>
    public override int TilesOfItem => MostColumns * MostRows;

    private int Width => (_weights.Packed.Outputs + TLanes.Count - 1) / TLanes.Count * TLanes.Count;

    // From a window to the next.
    private nint PixelStride => (nint)_window.Strides.Columns * _input.Channels;

    private long LinesLength => (((PoolFusion.Side - 1) * _window.Strides.Rows) + _window.Kernel.Rows) * _lineStride;

    /// <inheritdoc/>
    protected override void Compute(Pass pass, int[] tiles)
    {
        var bands = (Grid.Columns + MostColumns - 1) / MostColumns;
        var width = (Grid.Columns + bands - 1) / bands;
        var rows = pass.Images * Grid.Rows;
        var height = Math.Clamp(rows * bands / (pass.Workers.Count * ItemsOfWorker), 1, MostRows);
        pass.Workers.Run((rows + height - 1) / height * bands, (item, worker) =>
        {
            var (block, band) = Math.DivRem(item, bands);
            Span<int> chosen = stackalloc int[MostColumns * MostRows];
            var count = 0;
            for (var row = block * height; row < Math.Min(rows, (block + 1) * height); row++)
            {
                var first = (row * Grid.Columns) + (band * width);
                var between = Between(tiles, first, first + Math.Min(width, Grid.Columns - (band * width)));
                between.CopyTo(chosen[count..]);
                count += between.Length;
            }

            Compute(pass, chosen[..count], 0, 1, pass.Scratch(worker));
        });
    }

    /// <inheritdoc/>
    public override void Compute(Pass pass, ReadOnlySpan<int> tiles, int firstPart, int endPart, Scratch scratch)
    {
        var lines = scratch.Take(LinesLength);
        var sums = scratch.Take(PoolFusion.Side * _rowStride);

        // Rows before this one, of these columns, are there from the area before.
        var (next, origin, done) = (0, 0, default(Tile));
        foreach (var area in Grid.Areas(tiles))
        {
            var isThere = area.Image == done.Image && area.Column >= done.Column && area.Column + area.Columns <= done.Column + done.Columns;
            if (!isThere)
                (next, origin) = (0, area.Column);
            done = area;
            var shift = (area.Column - origin) * PoolFusion.Stride;
            for (var row = area.Row; row < area.Row + area.Rows; row++)
            {
                var (first, end) = (Math.Max(next, row * PoolFusion.Stride), (row * PoolFusion.Stride) + PoolFusion.Side);
                Convolve(pass.Memory, area, first, end, lines, sums + (shift * Width));
                Pool(pass.Memory, area, row, sums + (shift * Width));
                next = end;
            }
        }
    }

    /// <summary>Sums of some rows, each behind the one three rows before, which is no longer needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Convolve(float* memory, Tile area, int first, int end, float* lines, float* sums)
    {
        var groups = (Sums(area.Columns) + GroupRows - 1) / GroupRows;
        var top = (first * _window.Strides.Rows) - _window.Top;
        var left = (area.Column * PoolFusion.Stride * _window.Strides.Columns) - _window.Left;
        var height = ((end - first - 1) * _window.Strides.Rows) + _window.Kernel.Rows;
        MapCopy.Rectangle(_input, memory, new Tile(area.Image, top, left, height, LineColumns(groups * GroupRows)), lines, _lineStride);
        for (var row = first; row < end; row++)
        {
            var target = sums + (row % PoolFusion.Side * _rowStride);
            for (var block = 0; block < _weights.Packed.Blocks; block++)
                Multiply(block, lines, groups, target + (block * BlockWidth));
            lines += _window.Strides.Rows * _lineStride;
        }
    }

    /// <summary>Sums of a block of outputs for a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(int block, float* lines, int groups, float* sums)
    {
        var panel = _weights.Packed.Plane(block, 0);
        var width = _weights.Packed.Width(block);
        var (rows, length) = (_window.Kernel.Rows, _window.Kernel.Columns * _input.Channels);
        var (from, to) = (GroupRows * PixelStride, (nint)GroupRows * Width);
        fixed (nint* offsets = _offsets)
        {
            for (var column = 0; column < width; column += PackedWeights<TLanes>.PanelWidth)
            {
                var registers = Math.Min(PackedWeights<TLanes>.PanelWidth, width - column) / TLanes.Count;
                var kernel = MicroKernel<TLanes>.Of(registers, fetches: false);
                for (var group = 0; group < groups; group++)
                {
                    kernel(lines + (group * from), offsets, rows, length, panel, sums + (group * to) + column, Width, false, null);
                }

                panel += registers * TLanes.Count * _weights.Packed.Depth;
            }
        }
    }

    /// <summary>A row of maxima of the three rows of sums that are there, finished.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pool(float* memory, Tile area, int row, float* sums)
    {
        var finish = new Finish<TLanes>(_weights.Bias.Pointer, _relu);
        var (width, channels, stride) = (Width, Output.Channels, (nint)Output.Stride);
        var target = Output.At(memory) + (Grid.Pixel(area.Image, row, area.Column) * stride);

        // Those of columns replace the first row, which is not needed any more.
        var highest = sums + (row * PoolFusion.Stride % PoolFusion.Side * _rowStride);
        var second = sums + (((row * PoolFusion.Stride) + 1) % PoolFusion.Side * _rowStride);
        var third = sums + (((row * PoolFusion.Stride) + 2) % PoolFusion.Side * _rowStride);
        Join(highest, second, third, width);
        for (var column = 0; column < area.Columns; column++)
        {
            Cache.Fetch(target + (PixelsAhead * stride), width);
            Join(highest + width, second + width, third + width, 2 * width);
            for (var channel = 0; channel < channels; channel += TLanes.Count)
            {
                var pixel = highest + channel;
                var value = TLanes.Max(TLanes.Max(TLanes.Load(pixel), TLanes.Load(pixel + width)), TLanes.Load(pixel + (2 * width)));
                Finish<TLanes>.Store(finish.Apply(value, channel, null), target + channel, channels - channel);
            }

            highest += PoolFusion.Stride * width;
            second += PoolFusion.Stride * width;
            third += PoolFusion.Stride * width;
            target += stride;
        }
    }

    /// <summary>Replaces values by the greatest of three.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join(float* first, float* second, float* third, int count)
    {
        for (var index = 0; index < count; index += TLanes.Count)
            TLanes.Max(TLanes.Max(TLanes.Load(first + index), TLanes.Load(second + index)), TLanes.Load(third + index)).Store(first + index);
    }

    /// <summary>Tiles of one range of numbers.</summary>
    private static ReadOnlySpan<int> Between(ReadOnlySpan<int> tiles, int first, int end)
    {
        var (from, to) = (tiles.BinarySearch(first), tiles.BinarySearch(end));
        return tiles[(from < 0 ? ~from : from)..(to < 0 ? ~to : to)];
    }

    private static Reach Joined(Reach reach) => new(
        PoolFusion.Stride * reach.Stride, reach.Before, ((PoolFusion.Side - 1) * reach.Stride) + reach.Extent);

    /// <summary>The convolution's pixels that so many of the pool need, along one axis.</summary>
    private static int Sums(int pooled) => ((pooled - 1) * PoolFusion.Stride) + PoolFusion.Side;

    /// <summary>Columns of the input that so many neighbouring windows cover.</summary>
    private int LineColumns(int windows) => ((windows - 1) * _window.Strides.Columns) + _window.Kernel.Columns;
}
