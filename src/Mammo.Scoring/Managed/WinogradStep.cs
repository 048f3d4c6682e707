using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Mammo.Scoring.Managed;

/// <summary>A 3 × 3 convolution of stride 1 by Winograd's method, with bias, a map added, ReLU and a 2 × 2 maximum pool.</summary>
/// <remarks>
/// Tiles are transformed into planes, one for each transformed value, with a row of channels for each tile; each plane is multiplied by its plane of weights;
/// the sums are transformed into outputs. Where the weights are large,
/// all workers share the planes of many tiles, so that weights are read seldom; otherwise each worker has the planes of few tiles, which stay in its cache.
/// </remarks>
internal sealed unsafe class WinogradStep<TLanes, TWinograd> : TileStep, IWinogradStep
    where TLanes : struct, ILanes<TLanes>
    where TWinograd : struct, IWinograd
{
    private const int BlockWidth = PackedWeights<TLanes>.BlockWidth;
    private const int GroupRows = MicroKernel<TLanes>.Rows;

    // Planes must not begin at the same place of a page: their lines would drive each other out of the cache.
    private const int PlaneGap = 16;

    // Where planes are shared: places that a worker transforms at a time.
    private const int PlacesOfItem = 12;

    private readonly ProductWeights<TLanes> _weights;
    private readonly int _places;
    private readonly int _inputWidth;
    private readonly int _outputWidth;
    private readonly long _inputPlane;
    private readonly long _outputPlane;

    /// <summary>Describes the convolution.</summary>
    /// <param name="name">The layer whose output it computes.</param>
    /// <param name="layer">The layer that has the weights.</param>
    /// <param name="window">3 × 3, with its border.</param>
    /// <param name="weights">Transformed weights.</param>
    /// <param name="source">What it reads.</param>
    /// <param name="added">What is added to it; null for nothing, and behind a pool.</param>
    /// <param name="output">What it writes.</param>
    /// <param name="grid">Outputs before the pool.</param>
    /// <param name="relu">max(x, 0) at the end.</param>
    /// <param name="isPooled">Maximum of 2 × 2 after that.</param>
    public WinogradStep(
        string name,
        string layer,
        Window window,
        ProductWeights<TLanes> weights,
        PatchSource source,
        FeatureMap? added,
        FeatureMap output,
        TileGrid grid,
        bool relu,
        bool isPooled)
        : base(name, added is null ? [source.Map] : [source.Map, added], output)
    {
        (Layer, Window, _weights, Source, Added, IsRelu, IsPooled, Grid) = (layer, window, weights, source, added, relu, isPooled, grid);
        var isShared = weights.Packed.Length > Tuning.LargestLocalWeights;
        TilesOfItem = isShared ? Tuning.SharedTiles : Tuning.LocalTiles;
        _places = TilesOfItem * PlacesOfTile;
        _inputWidth = source.Width;
        _outputWidth = Rounded(output.Channels, TLanes.Count);
        _inputPlane = ((long)Rounded(_places, GroupRows) * _inputWidth) + PlaneGap;
        _outputPlane = ((long)Rounded(_places, GroupRows) * _outputWidth) + PlaneGap;
        Shared = isShared ? new Storage(PlanesLength, isPerImage: false) : null;
    }

    /// <inheritdoc/>
    public int Tile => TWinograd.Outputs;

    /// <inheritdoc/>
    public string Layer { get; }

    /// <inheritdoc/>
    public Window Window { get; }

    /// <inheritdoc/>
    public PatchSource Source { get; }

    /// <inheritdoc/>
    public FeatureMap? Added { get; }

    /// <inheritdoc/>
    public bool IsRelu { get; }

    /// <inheritdoc/>
    public bool IsPooled { get; }

    /// <inheritdoc/>
    public override TileGrid Grid { get; }

    /// <inheritdoc/>
    public override int OutputSide => IsPooled ? TileGrid.Side / 2 : TileGrid.Side;

    /// <inheritdoc/>
    public override ImmutableArray<(Reach Rows, Reach Columns)> Reaches =>
        Added is null ? [Source.Reach(Window)] : [Source.Reach(Window), (Reach.Same, Reach.Same)];

    /// <inheritdoc/>
    public override long MultiplyAddsOfTile => PlacesOfTile * (((long)Planes * _weights.Packed.Depth * _weights.Packed.Outputs) + Source.MultiplyAdds);

    /// <inheritdoc/>
    public override bool CanBeChained => Shared is null;

    /// <inheritdoc/>
    public override Storage? Shared { get; }

    /// <inheritdoc/>
    public override long ScratchLength => Scratch.Size(Place.Length * _places) + (Shared is null ? PlanesLength : 0)
        + Math.Max(
            Source.ScratchLength + Scratch.Size(Planes * BlockWidth),
            Math.Max(Scratch.Size(2L * Rounded(_places, GroupRows)), 2 * Scratch.Size(Planes * BlockWidth)));

    /// <inheritdoc/>
    public override int TilesOfItem { get; }

    private static int Planes => TWinograd.Size * TWinograd.Size;

    private static int PlacesOfTile => TileGrid.Side / TWinograd.Outputs * (TileGrid.Side / TWinograd.Outputs);

    private long PlanesLength => Scratch.Size(Planes * _inputPlane) + Scratch.Size(Planes * _outputPlane);

    /// <inheritdoc/>
    protected override void Compute(Pass pass, int[] tiles)
    {
        if (Shared is null)
        {
            base.Compute(pass, tiles);
            return;
        }

        for (var first = 0; first < tiles.Length; first += TilesOfItem)
            ComputeShared(pass, new ArraySegment<int>(tiles, first, Math.Min(TilesOfItem, tiles.Length - first)));
    }

    /// <inheritdoc/>
    public override void Compute(Pass pass, ReadOnlySpan<int> tiles, int firstPart, int endPart, Scratch scratch)
    {
        var places = (Place*)scratch.Take(Place.Length * _places);
        var planes = scratch.Take(Planes * _inputPlane);
        var sums = scratch.Take(Planes * _outputPlane);
        var count = List(tiles, places);
        Transform(pass.Memory, places, count, planes, scratch);
        for (var plane = 0; plane < Planes; plane++)
            Multiply(plane, 0, _weights.Packed.Blocks, count, planes, sums, scratch, _weights.Packed.Plane(0, (plane + 1) % Planes));
        Finish(pass.Memory, places, count, sums, scratch);
    }

    private void ComputeShared(Pass pass, ArraySegment<int> tiles)
    {
        var planes = pass.Memory + Shared!.Offset;
        var sums = planes + Scratch.Size(Planes * _inputPlane);
        var all = new Place[_places];
        int count;
        fixed (Place* places = all)
            count = List(tiles, places);
        var parts = (count + PlacesOfItem - 1) / PlacesOfItem;
        pass.Workers.Run(parts, (part, worker) =>
        {
            var first = part * PlacesOfItem;
            fixed (Place* places = all)
                Transform(pass.Memory, places + first, Math.Min(PlacesOfItem, count - first), planes + ((long)first * _inputWidth), pass.Scratch(worker));
        });
        pass.Workers.Run(Planes * _weights.Packed.Blocks, (item, worker) =>
        {
            var (plane, block) = Math.DivRem(item, _weights.Packed.Blocks);

            // What this worker will probably do next.
            var (nextPlane, nextBlock) = Math.DivRem((item + pass.Workers.Count) % (Planes * _weights.Packed.Blocks), _weights.Packed.Blocks);
            Multiply(plane, block, block + 1, count, planes, sums, pass.Scratch(worker), _weights.Packed.Plane(nextBlock, nextPlane));
        });
        pass.Workers.Run(parts, (part, worker) =>
        {
            var first = part * PlacesOfItem;
            fixed (Place* places = all)
                Finish(pass.Memory, places + first, Math.Min(PlacesOfItem, count - first), sums + ((long)first * _outputWidth), pass.Scratch(worker));
        });
    }

    private static int Rounded(int count, int unit) => (count + unit - 1) / unit * unit;

    private int List(ReadOnlySpan<int> tiles, Place* places)
    {
        var count = 0;
        foreach (var number in tiles)
        {
            var tile = Grid[number];
            for (var row = 0; row < tile.Rows; row += TWinograd.Outputs)
            {
                for (var column = 0; column < tile.Columns; column += TWinograd.Outputs)
                    places[count++] = new Place(tile.Image, tile.Row + row, tile.Column + column);
            }
        }

        return count;
    }

    /// <summary>Tiles of the input into rows of the planes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transform(float* memory, Place* places, int count, float* planes, Scratch scratch)
    {
        var between = scratch.Take(Planes * BlockWidth);
        for (var index = 0; index < count; index++)
        {
            var patch = Source.At(memory, places[index].Image, places[index].Row - Window.Top, places[index].Column - Window.Left, scratch);
            for (var channel = 0; channel < _inputWidth; channel += BlockWidth)
            {
                TWinograd.Input<TLanes>(
                    patch.First + channel, patch.RowStride, patch.ColumnStride, Math.Min(BlockWidth, _inputWidth - channel),
                    planes + ((long)index * _inputWidth) + channel, (nint)_inputPlane, between);
            }
        }
    }

    /// <summary>One plane times some blocks of its weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(int plane, int firstBlock, int endBlock, int count, float* planes, float* sums, Scratch scratch, float* following)
    {
        var rows = Rounded(count, GroupRows);
        var offsets = scratch.TakeOffsets(rows);
        for (var row = 0; row < rows; row++)
            offsets[row] = (nint)row * _inputWidth;
        var table = new RowTable(offsets, rows / GroupRows, 1, Source.Channels, areFar: false);
        var stay = default(SumsStay);
        for (var block = firstBlock; block < endBlock; block++)
        {
            BlockProduct<TLanes>.Run(
                _weights.Packed, block, plane, table, planes + (plane * _inputPlane), sums + (plane * _outputPlane) + (block * BlockWidth), _outputWidth,
                ref stay, _weights.Packed.AreNear ? null : block + 1 < endBlock ? _weights.Packed.Plane(block + 1, plane) : following);
        }
    }

    /// <summary>Rows of sums into tiles of the output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Finish(float* memory, Place* places, int count, float* sums, Scratch scratch)
    {
        var between = scratch.Take(Planes * BlockWidth);
        var values = scratch.Take(Planes * BlockWidth);
        var finish = new Finish<TLanes>(_weights.Bias.Pointer, IsRelu);
        for (var index = 0; index < count; index++)
        {
            for (var channel = 0; channel < _outputWidth; channel += BlockWidth)
            {
                var width = Math.Min(BlockWidth, _outputWidth - channel);
                TWinograd.Output<TLanes>(sums + ((long)index * _outputWidth) + channel, (nint)_outputPlane, width, values, between);
                if (IsPooled)
                    StorePooled(memory, places[index], channel, width, values, finish);
                else
                    Store(memory, places[index], channel, width, values, finish);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Store(float* memory, in Place place, int channel, int width, float* values, in Finish<TLanes> finish)
    {
        var rows = Math.Min(TWinograd.Outputs, Grid.Height - place.Row);
        var columns = Math.Min(TWinograd.Outputs, Grid.Width - place.Column);
        for (var row = 0; row < rows; row++)
        {
            var pixel = Grid.Pixel(place.Image, place.Row + row, place.Column);
            var target = Output.At(memory) + (pixel * Output.Stride);
            var added = Added is null ? null : Added.At(memory) + (pixel * Added.Stride);
            for (var column = 0; column < columns; column++)
            {
                finish.Store(values + (((row * TWinograd.Outputs) + column) * width), channel, width, added, target, Output.Channels);
                target += Output.Stride;
                if (added is not null)
                    added += Added!.Stride;
            }
        }
    }

    /// <summary>The maximum comes first: adding and rounding keep the order, so it is the same and a quarter of the work.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void StorePooled(float* memory, in Place place, int channel, int width, float* values, in Finish<TLanes> finish)
    {
        var grid = new TileGrid(Output.Rows, Output.Columns);
        var rows = Math.Min(TWinograd.Outputs / 2, Output.Rows - (place.Row / 2));
        var columns = Math.Min(TWinograd.Outputs / 2, Output.Columns - (place.Column / 2));
        var line = TWinograd.Outputs * width;
        for (var row = 0; row < rows; row++)
        {
            var target = Output.At(memory) + (grid.Pixel(place.Image, (place.Row / 2) + row, place.Column / 2) * Output.Stride);
            for (var column = 0; column < columns; column++)
            {
                var first = values + (2 * row * line) + (2 * column * width);
                for (var lane = 0; lane < width; lane += TLanes.Count)
                {
                    var cell = first + lane;
                    TLanes.Max(
                        TLanes.Max(TLanes.Load(cell), TLanes.Load(cell + width)),
                        TLanes.Max(TLanes.Load(cell + line), TLanes.Load(cell + line + width))).Store(cell);
                }

                finish.Store(first, channel, width, null, target, Output.Channels);
                target += Output.Stride;
            }
        }
    }

    /// <summary>The place of outputs that are transformed together.</summary>
    private readonly record struct Place(int Image, int Row, int Column)
    {
        /// <summary>In values of float32.</summary>
        public const int Length = 3;
    }
}
