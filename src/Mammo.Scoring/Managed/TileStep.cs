using System.Collections.Immutable;

namespace Mammo.Scoring.Managed;

/// <summary>
/// The pixels of an input that a tile needs along one axis: from 4 × stride × tile − before, so many that its last pixel's window is covered.
/// </summary>
/// <param name="Stride">Input pixels from one output pixel to the next.</param>
/// <param name="Before">How far the first window begins before its pixel.</param>
/// <param name="Extent">Pixels of a window.</param>
internal readonly record struct Reach(int Stride, int Before, int Extent)
{
    /// <summary>Each pixel needs the one at its own place.</summary>
    public static Reach Same { get; } = new(1, 0, 1);

    /// <summary>The first tile, counted from stride × tile.</summary>
    public int First => Floor(-Before);

    /// <summary>The last tile, counted from stride × tile.</summary>
    public int Last => Floor(((TileGrid.Side - 1) * Stride) - Before + Extent - 1);

    private static int Floor(int pixels) => (int)Math.Floor(pixels / (double)TileGrid.Side);
}

/// <summary>A step whose output is computed tile by tile, each from some tiles of the inputs, so that equal tiles need to be computed once.</summary>
internal abstract class TileStep(string name, ImmutableArray<FeatureMap> inputs, FeatureMap output) : Step(name, inputs, output)
{
    /// <summary>Items for each worker, so that none waits long for the last.</summary>
    protected const int ItemsOfWorker = 4;

    private int[] _all = [];

    /// <summary>The tiles that are computed; those of the output unless the step makes the plane smaller afterwards.</summary>
    public virtual TileGrid Grid => new(Output.Rows, Output.Columns);

    /// <summary>Output pixels of a side of a whole tile: 4, or 2 behind a 2 × 2 pool.</summary>
    public virtual int OutputSide => TileGrid.Side;

    /// <summary>Any of its tiles can be computed together, by any worker; false where the step divides its work in another way.</summary>
    public virtual bool CanBeChained => true;

    /// <summary>Its inputs were written just before, by the steps of its chain.</summary>
    public bool FindsInputsInCache { get; set; }

    /// <summary>What it writes for other steps, each of the output's tiles; the last is <see cref="Step.Output"/>.</summary>
    public virtual ImmutableArray<FeatureMap> Outputs => [Output];

    /// <summary>What a tile needs of each input: rows and columns; empty where it may need any.</summary>
    public abstract ImmutableArray<(Reach Rows, Reach Columns)> Reaches { get; }

    /// <summary>Multiply-adds of products for a whole tile; 0 for steps that only move or join values.</summary>
    public virtual long MultiplyAddsOfTile => 0;

    /// <summary>Tiles of one item of work at most.</summary>
    public abstract int TilesOfItem { get; }

    /// <summary>Parts of the output's channels that can be computed one by one, where there are few tiles.</summary>
    public virtual int Parts => 1;

    /// <inheritdoc/>
    public sealed override void Run(Pass pass)
    {
        var work = pass.WorkOf(this);
        Compute(pass, work?.Tiles ?? All(pass.Images));
        if (work is { Copies.Length: > 0 })
            Copy(pass, work.Copies);
    }

    /// <summary>Computes tiles, spread over the workers.</summary>
    protected virtual void Compute(Pass pass, int[] tiles)
    {
        var wanted = pass.Workers.Count * ItemsOfWorker;
        var perItem = Math.Clamp(tiles.Length / wanted, 1, TilesOfItem);
        var chunks = (tiles.Length + perItem - 1) / perItem;
        var parts = pass.Workers.Count == 1 ? 1 : Math.Min(Parts, Math.Max(1, wanted / Math.Max(1, chunks)));
        pass.Workers.Run(chunks * parts, (item, worker) =>
        {
            var (part, chunk) = Math.DivRem(item, chunks);
            var chosen = tiles.AsSpan(chunk * perItem, Math.Min(perItem, tiles.Length - (chunk * perItem)));
            Compute(pass, chosen, Parts * part / parts, Parts * (part + 1) / parts, pass.Scratch(worker));
        });
    }

    /// <summary>Computes some tiles.</summary>
    /// <param name="pass">The run.</param>
    /// <param name="tiles">Their numbers.</param>
    /// <param name="firstPart">The first part of the channels.</param>
    /// <param name="endPart">The part behind the last.</param>
    /// <param name="scratch">The worker's memory.</param>
    public abstract void Compute(Pass pass, ReadOnlySpan<int> tiles, int firstPart, int endPart, Scratch scratch);

    private int[] All(int images)
    {
        var count = checked(images * Grid.Count);
        if (_all.Length != count)
            _all = [.. Enumerable.Range(0, count)];
        return _all;
    }

    private void Copy(Pass pass, (int Target, int Source)[] copies)
    {
        const int CopiesOfItem = 64;
        pass.Workers.Run((copies.Length + CopiesOfItem - 1) / CopiesOfItem, (item, _) =>
        {
            foreach (var (target, source) in copies.AsSpan(item * CopiesOfItem, Math.Min(CopiesOfItem, copies.Length - (item * CopiesOfItem))))
            {
                foreach (var output in Outputs)
                    Copy(pass, output, Grid[target], Grid[source]);
            }
        });
    }

    private unsafe void Copy(Pass pass, FeatureMap map, Tile target, Tile source)
    {
        var shrink = TileGrid.Side / OutputSide;
        var grid = new TileGrid(map.Rows, map.Columns);
        var values = map.At(pass.Memory);
        for (var row = 0; row < target.Rows / shrink; row++)
        {
            var from = grid.Pixel(source.Image, (source.Row / shrink) + row, source.Column / shrink);
            var to = grid.Pixel(target.Image, (target.Row / shrink) + row, target.Column / shrink);
            for (var column = 0; column < target.Columns / shrink; column++)
                new Span<float>(values + ((from + column) * map.Stride), map.Channels)
                    .CopyTo(new Span<float>(values + ((to + column) * map.Stride), map.Channels));
        }
    }
}

/// <summary>The tiles of a step in one run.</summary>
/// <param name="Tiles">Numbers of those that are computed, ascending.</param>
/// <param name="Copies">Those that are copied afterwards, and from where.</param>
internal sealed record TileWork(int[] Tiles, (int Target, int Source)[] Copies);
