using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mammo.Scoring.Managed;

/// <summary>
/// Which tiles each step of a run computes, so that of equal ones only one is computed and the others are copies: bit for bit what computing all gives. A
/// third to a half of a mammogram is black, and deep in it every map repeats itself.
/// </summary>
/// <remarks>
/// Forwards: tiles of the input that hold one value are alike, and tiles that are computed from alike tiles are. Backwards: what no computed tile reads is
/// neither computed nor copied.
/// </remarks>
internal sealed class EqualTiles
{
    private readonly int _images;
    private readonly ClassNames _names = new();

    // Classes of the tiles that a step computes, and of the maps that it writes; none where no two are known to be equal.
    private readonly Dictionary<Step, TileClasses> _computed = [];
    private readonly Dictionary<FeatureMap, TileClasses> _maps = [];
    private readonly Dictionary<FeatureMap, bool[]?> _needed = [];
    private readonly Dictionary<Step, TileWork> _work = [];

    // By name of class, the first tile of the step that is looked at; -1 for none.
    private int[] _firsts = [];

    private EqualTiles(int images) => _images = images;

    /// <summary>The work of the steps that have less to do than all; empty where nothing is equal.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="round">Its first steps, for some images; what follows reads all of what they leave.</param>
    /// <param name="memory">Its memory, with the input filled in.</param>
    public static unsafe IReadOnlyDictionary<Step, TileWork> Find(Plan plan, Round round, float* memory)
    {
        var tiles = new EqualTiles(round.Images);
        tiles.Add(plan.Input, TileClasses.OfInput(plan.Input, round.Images, memory, tiles._names));
        foreach (var step in plan.StepsOf(round))
            tiles.Classify(step);
        tiles._needed[plan.Output] = null;
        tiles._firsts = new int[tiles._names.Count + 1];
        Array.Fill(tiles._firsts, -1);
        foreach (var step in plan.Steps.Reverse())
            tiles.Share(step);
        return tiles._work;
    }

    private void Add(FeatureMap map, TileClasses classes)
    {
        if (classes.AnyAlike)
            _maps[map] = classes;
    }

    private void Classify(Step step)
    {
        var windows = Windows(step);
        if (windows.IsEmpty || !step.Inputs.All(_maps.ContainsKey))
            return;
        var grid = GridOf(step);
        var classes = TileClasses.OfStep(grid, _images, [.. step.Inputs.Select((input, index) => (_maps[input], windows[index]))], _names);
        if (!classes.AnyAlike)
            return;
        _computed[step] = classes;
        foreach (var output in OutputsOf(step))
            Add(output, IsSmaller(step) ? classes.Joined(new TileGrid(output.Rows, output.Columns), _images, _names) : classes);
    }

    /// <summary>Decides what a step computes and copies, when all that read its output are decided.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Share(Step step)
    {
        if (!_computed.TryGetValue(step, out var classes))
        {
            foreach (var input in step.Inputs)
                _needed[input] = null;
            return;
        }

        var needed = NeededOf(step);
        var (tiles, copies) = (new List<int>(), new List<(int Target, int Source)>());
        var count = classes.Grid.Count * _images;
        for (var number = 0; number < count; number++)
        {
            if (needed is not null && !needed[number])
                continue;
            var name = classes[number];
            if (name != TileClasses.Unlike && _firsts[name] is >= 0 and var first)
            {
                copies.Add((number, first));
                continue;
            }

            tiles.Add(number);
            _firsts[name] = name == TileClasses.Unlike ? -1 : number;
        }

        foreach (var number in tiles)
            _firsts[classes[number]] = -1;

        // A step that only places what others have written has nothing to copy: each of its tiles is read where it lies.
        Need(step, classes.Grid, step is TileStep ? tiles : [.. tiles, .. copies.Select(copy => copy.Target)]);
        if (step is TileStep && tiles.Count < count)
            _work[step] = new TileWork([.. tiles], [.. copies]);
    }

    /// <summary>The tiles of the step's own grid that something reads; null for all.</summary>
    private bool[]? NeededOf(Step step)
    {
        bool[]? needed = new bool[new TileGrid(step.Output.Rows, step.Output.Columns).Count * _images];
        foreach (var output in OutputsOf(step))
            needed = _needed.TryGetValue(output, out var more) ? Either(needed, more) : needed;
        if (needed is null || !IsSmaller(step))
            return needed;
        var grid = GridOf(step);
        var own = new bool[grid.Count * _images];
        var numbers = Enumerable.Range(0, needed.Length).Where(number => needed[number]).ToArray();
        Mark(own, TileWindow.OfFour, new TileGrid(step.Output.Rows, step.Output.Columns), numbers, grid);
        return own;
    }

    private void Need(Step step, TileGrid grid, List<int> tiles)
    {
        var windows = Windows(step);
        for (var index = 0; index < windows.Length; index++)
        {
            var input = step.Inputs[index];
            var inputs = new TileGrid(input.Rows, input.Columns);
            if (!_needed.TryGetValue(input, out var needed))
                _needed[input] = needed = new bool[inputs.Count * _images];
            if (needed is not null)
                Mark(needed, windows[index], grid, CollectionsMarshal.AsSpan(tiles), inputs);
        }
    }

    /// <summary>
    /// Marks what tiles need, those side by side at once. Between windows that do not touch, as those of a stride of five would not, tiles are marked that
    /// nothing reads: they are computed in vain, no more.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mark(bool[] needed, TileWindow window, TileGrid grid, ReadOnlySpan<int> tiles, TileGrid inputs)
    {
        var (rows, columns) = (inputs.Rows, inputs.Columns);
        foreach (var area in grid.Areas(tiles))
        {
            var (top, bottom, left, right) = window.Around(
                area.Row / TileGrid.Side, area.Column / TileGrid.Side, (area.Column + area.Columns - 1) / TileGrid.Side);
            (left, right) = (Math.Max(0, left), Math.Min(columns - 1, right));
            for (var row = Math.Max(0, top); row <= Math.Min(rows - 1, bottom) && left <= right; row++)
                needed.AsSpan((((area.Image * rows) + row) * columns) + left, right - left + 1).Fill(true);
        }
    }

    /// <summary>The tiles that one of two needs; null for all.</summary>
    private static bool[]? Either(bool[]? needed, bool[]? more)
    {
        if (needed is null || more is null)
            return null;
        for (var number = 0; number < needed.Length; number++)
            needed[number] |= more[number];
        return needed;
    }

    private static ImmutableArray<FeatureMap> OutputsOf(Step step) => step is TileStep tiles ? tiles.Outputs : [step.Output];

    private static TileGrid GridOf(Step step) => step is TileStep tiles ? tiles.Grid : new TileGrid(step.Output.Rows, step.Output.Columns);

    private static bool IsSmaller(Step step) => step is TileStep { OutputSide: < TileGrid.Side };

    /// <summary>For each input the tiles that one of the output needs; empty where it needs any.</summary>
    private static ImmutableArray<TileWindow> Windows(Step step) => step switch
    {
        TileStep tiles => [.. tiles.Reaches.Select(TileWindow.Of)],
        PlaceStep when step.Inputs.All(input => input.Rows == step.Output.Rows && input.Columns == step.Output.Columns) =>
            [.. step.Inputs.Select(_ => TileWindow.Same)],
        _ => [],
    };
}
