using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
    private readonly int _rows = grid.Rows;
    private readonly int _columns = grid.Columns;

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
        var (grid, line) = (classes.Grid, (nint)input.Columns * input.Stride);
        var (rows, columns, number) = (grid.Rows, grid.Columns, 0);
        var (lastShape, lastValue, name) = (0, 0, Unlike);
        for (var row = 0; row < rows * images; row++)
        {
            var (image, rowOfImage) = Math.DivRem(row, rows);
            var first = values + (grid.Pixel(image, rowOfImage * TileGrid.Side, 0) * input.Stride);
            for (var column = 0; column < columns; column++, number++, first += TileGrid.Side * input.Stride)
            {
                var tile = grid.At(image, rowOfImage, column);
                if (!IsConstant(first, tile, line, input.Stride))
                    continue;
                if (Shape(tile) != lastShape || *first != lastValue)
                {
                    (lastShape, lastValue) = (Shape(tile), *first);
                    name = names.Of(lastShape, lastValue);
                }

                classes.Set(number, name);
            }
        }

        return classes;
    }

    /// <summary>Classes of the tiles that a step computes: alike are those of one shape that read alike tiles at the same places.</summary>
    /// <param name="grid">The tiles that the step computes.</param>
    /// <param name="images">Images of the run.</param>
    /// <param name="inputs">What the step reads, and which tiles of it.</param>
    /// <param name="names">Names of classes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static TileClasses OfStep(TileGrid grid, int images, (TileClasses Classes, TileWindow Window)[] inputs, ClassNames names)
    {
        var classes = new TileClasses(grid, images);
        var (same, last, name) = (new int[inputs.Length], new int[inputs.Length], Unlike);
        var (rows, columns, number) = (grid.Rows, grid.Columns, 0);
        for (var row = 0; row < rows * images; row++)
        {
            var (image, rowOfImage) = Math.DivRem(row, rows);
            for (var column = 0; column < columns; column++, number++)
            {
                var found = Uniform(inputs, image, rowOfImage, column, same);
                if (found == Unlike)
                    continue;
                var tile = grid.At(image, rowOfImage, column);
                if (found == Outside || tile is not { Rows: TileGrid.Side, Columns: TileGrid.Side })
                {
                    classes.Set(number, Name(tile, inputs, names));
                    continue;
                }

                // Deep in the background neighbours have the same surroundings: one look-up for all.
                if (!same.AsSpan().SequenceEqual(last))
                {
                    same.CopyTo(last, 0);
                    name = Name(tile, inputs, names);
                }

                classes.Set(number, name);
            }
        }

        return classes;
    }

    /// <summary>Classes of tiles that are twice as large along both axes, as behind a 2 × 2 pool.</summary>
    public TileClasses Joined(TileGrid joined, int images, ClassNames names) =>
        OfStep(joined, images, [(this, TileWindow.OfFour)], names);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Name(Tile tile, (TileClasses Classes, TileWindow Window)[] inputs, ClassNames names)
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

    /// <summary>
    /// Finds for each input the class that all tiles of its window have. <see cref="Unlike"/> where a tile of any window is unlike all others; else
    /// <see cref="Outside"/> where tiles of one window differ or some lie outside; else a class.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Uniform((TileClasses Classes, TileWindow Window)[] inputs, int image, int row, int column, int[] same)
    {
        var found = int.MaxValue;
        for (var index = 0; index < same.Length; index++)
        {
            ref readonly var input = ref inputs[index];
            var only = input.Classes.Only(in input.Window, image, row, column);
            if (only == Unlike)
                return Unlike;
            same[index] = only;
            found = Math.Min(found, only);
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Only(in TileWindow window, int image, int row, int column)
    {
        var (top, bottom, left, right) = window.Around(row, column, column);
        var (rows, columns) = (_rows, _columns);
        var isInside = top >= 0 && left >= 0 && bottom < rows && right < columns;
        if (!isInside)
            (top, left, bottom, right) = (Math.Max(0, top), Math.Max(0, left), Math.Min(rows - 1, bottom), Math.Min(columns - 1, right));
        var first = int.MinValue;
        for (var y = top; y <= bottom; y++)
        {
            var line = ((image * rows) + y) * columns;
            for (var x = left; x <= right; x++)
            {
                var next = _classes[line + x];
                if (next == Unlike)
                    return Unlike;
                first = first == int.MinValue || first == next ? next : Outside;
            }
        }

        return isInside ? first : Outside;
    }

    private static unsafe bool IsConstant(int* first, Tile tile, nint line, int channels)
    {
        var length = tile.Columns * channels;
        if (first[length - 1] != *first)
            return false;
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
    private readonly Dictionary<long, int> _names = [];

    /// <summary>How many there are.</summary>
    public int Count => _names.Count;

    /// <summary>The number of a pair.</summary>
    public int Of(int before, int next)
    {
        ref var name = ref CollectionsMarshal.GetValueRefOrAddDefault(_names, ((long)before << 32) | (uint)next, out var isKnown);
        if (!isKnown)
            name = _names.Count;
        return name;
    }
}
