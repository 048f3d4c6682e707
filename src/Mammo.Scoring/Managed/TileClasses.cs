using System.Runtime.CompilerServices;

namespace Mammo.Scoring.Managed;

/// <summary>
/// Which tiles of a map are equal: tiles of one class hold the same values bit for bit. It is known without looking at the values, because a step computes
/// equal tiles from equal tiles; only the input's are looked at.
/// </summary>
/// <remarks>Its loops are compiled for speed at once: a first image would otherwise wait for them longer than they save.</remarks>
/// <param name="grid">The map's tiles.</param>
/// <param name="images">Images of the run.</param>
internal sealed class TileClasses(TileGrid grid, int images)
{
    /// <summary>The class of a tile that is not known to equal another.</summary>
    public const int Unlike = 0;

    private const int Outside = -1;

    private readonly int[] _classes = new int[checked(grid.Count * images)];

    /// <summary>The tiles.</summary>
    public TileGrid Grid => grid;

    /// <summary>True when some tile may equal another.</summary>
    public bool AnyAlike { get; private set; }

    /// <summary>The class of a tile.</summary>
    public int this[int number] => _classes[number];

    /// <summary>Classes of the input: tiles of one value and shape are alike.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe TileClasses OfInput(FeatureMap input, int images, float* memory, ClassNames names)
    {
        var classes = new TileClasses(new TileGrid(input.Rows, input.Columns), images);
        var values = (int*)input.At(memory);
        for (var number = 0; number < classes._classes.Length; number++)
        {
            var tile = classes.Grid[number];
            var first = values + (classes.Grid.Pixel(tile.Image, tile.Row, tile.Column) * input.Stride);
            if (IsConstant(first, tile, (nint)input.Columns * input.Stride, input.Stride))
                classes.Set(number, names.Of(Shape(tile), *first));
        }

        return classes;
    }

    /// <summary>Classes of the tiles that a step computes: alike are those of one shape that read alike tiles at the same places.</summary>
    /// <param name="grid">The tiles that the step computes.</param>
    /// <param name="images">Images of the run.</param>
    /// <param name="inputs">What the step reads, and which tiles of it.</param>
    /// <param name="names">Names of classes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static TileClasses OfStep(TileGrid grid, int images, IReadOnlyList<(TileClasses Classes, TileWindow Window)> inputs, ClassNames names)
    {
        var classes = new TileClasses(grid, images);
        var (uniform, name) = (Unlike, Unlike);
        for (var number = 0; number < classes._classes.Length; number++)
        {
            var tile = grid[number];
            var only = inputs.Count == 1 ? inputs[0].Classes.Only(inputs[0].Window, tile) : Outside;
            if (only == Unlike)
                continue;
            if (only == Outside || tile is not { Rows: TileGrid.Side, Columns: TileGrid.Side })
            {
                classes.Set(number, Name(tile, inputs, names));
                continue;
            }

            // Deep in the background neighbours have the same surroundings: one look-up for all.
            if (only != uniform)
                (uniform, name) = (only, Name(tile, inputs, names));
            classes.Set(number, name);
        }

        return classes;
    }

    /// <summary>Classes of tiles that are twice as large along both axes, as behind a 2 × 2 pool.</summary>
    public TileClasses Joined(TileGrid joined, int images, ClassNames names) =>
        OfStep(joined, images, [(this, TileWindow.OfFour)], names);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Name(Tile tile, IReadOnlyList<(TileClasses Classes, TileWindow Window)> inputs, ClassNames names)
    {
        var name = Shape(tile);
        foreach (var (classes, window) in inputs)
        {
            foreach (var number in window.Of(tile, classes.Grid))
            {
                var next = number < 0 ? Outside : classes[number];
                if (next == Unlike)
                    return Unlike;
                name = names.Of(name, next);
            }
        }

        return name;
    }

    /// <summary>The class that all tiles of a window have; <see cref="Outside"/> where they differ or some lie outside, unless one is unlike all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Only(TileWindow window, Tile tile)
    {
        var first = int.MinValue;
        foreach (var number in window.Of(tile, Grid))
        {
            var next = number < 0 ? Outside : _classes[number];
            if (next == Unlike)
                return Unlike;
            first = first == int.MinValue || first == next ? next : Outside;
        }

        return first;
    }

    private static unsafe bool IsConstant(int* first, Tile tile, nint line, int channels)
    {
        var length = tile.Columns * channels;
        for (var row = 0; row < tile.Rows; row++)
        {
            if (new ReadOnlySpan<int>(first + (row * line), length).ContainsAnyExcept(*first))
                return false;
        }

        return true;
    }

    // Negative, since names of classes are positive.
    private static int Shape(Tile tile) => -2 - (tile.Rows * (TileGrid.Side + 1)) - tile.Columns;

    private void Set(int number, int name)
    {
        _classes[number] = name;
        AnyAlike |= name != Unlike;
    }
}

/// <summary>Numbers for pairs of numbers, from 1: equal pairs have equal ones. Longer lists are pairs of a list and its last member.</summary>
internal sealed class ClassNames
{
    private readonly Dictionary<(int Before, int Next), int> _names = [];

    /// <summary>The number of a pair.</summary>
    public int Of(int before, int next)
    {
        if (!_names.TryGetValue((before, next), out var name))
            _names[(before, next)] = name = _names.Count + 1;
        return name;
    }
}
