namespace Mammo.Codecs.Jpeg2000;

/// <summary>A resolution of one tile-component, with its subbands and precincts.</summary>
internal sealed class Resolution
{
    private readonly int _precinctWidth;
    private readonly int _precinctHeight;
    private readonly int _blockWidth;
    private readonly int _blockHeight;
    private readonly Precinct?[] _precincts;
    private readonly int[] _layers;

    /// <param name="component">The tile-component.</param>
    /// <param name="number">0 is the lowest.</param>
    /// <param name="rows">The rows of the tile-component's array that are its own.</param>
    public Resolution(TileComponent component, int number, RowSpacing rows)
    {
        var coding = component.Coding;
        (Number, Component, Rows) = (number, component, rows);
        var reduction = coding.Levels - number;
        Area = component.Area.Band(reduction, 0, 0);
        (_precinctWidth, _precinctHeight) = (coding.PrecinctWidth(number), coding.PrecinctHeight(number));
        // Equation B-17: a code-block lies within a precinct, which has half the size in the detail bands.
        var half = number == 0 ? 0 : 1;
        (_blockWidth, _blockHeight) = (Math.Min(coding.BlockWidth, _precinctWidth - half), Math.Min(coding.BlockHeight, _precinctHeight - half));
        Bands = number == 0 ? [new Subband(Orientation.LL, Area, 0, rows, component, 0)] : [.. Details(component, reduction + 1)];
        if (Area.IsEmpty)
        {
            (_precincts, _layers) = ([], []);
            return;
        }

        Across = ((Area.X1 - 1) >> _precinctWidth) + 1 - (Area.X0 >> _precinctWidth);
        var down = ((Area.Y1 - 1) >> _precinctHeight) + 1 - (Area.Y0 >> _precinctHeight);
        PrecinctCount = component.Budget.TakePrecincts((long)Across * down);
        (_precincts, _layers) = (new Precinct?[PrecinctCount], new int[PrecinctCount]);
    }

    /// <summary>0 is the lowest.</summary>
    public int Number { get; }

    public TileComponent Component { get; }

    /// <summary>Its coordinates (T.800, equation B-14).</summary>
    public Area Area { get; }

    /// <summary>The rows of the tile-component's array that are its own.</summary>
    public RowSpacing Rows { get; }

    /// <summary>LL for the lowest resolution, else HL, LH and HH.</summary>
    public Subband[] Bands { get; }

    /// <summary>Precincts in a row.</summary>
    public int Across { get; }

    public int PrecinctCount { get; }

    /// <summary>The precincts of which there was a packet.</summary>
    public IEnumerable<Precinct> Precincts => _precincts.OfType<Precinct>();

    /// <summary>The layer of a precinct's next packet, counted up when it is read.</summary>
    public ref int Layer(int precinct) => ref _layers[precinct];

    /// <summary>A precinct, which is made when its first packet comes: what has no packet takes no memory.</summary>
    public Precinct Precinct(int index) => _precincts[index] ??= MakePrecinct(index);

    /// <summary>
    /// Where a precinct begins on the reference grid, or where its tile does: what the progression orders by position go by (T.800, B.12.1.3).
    /// </summary>
    public (long X, long Y) Position(int precinct)
    {
        var (tile, size, reduction) = (Component.Tile, Component.Size, Component.Coding.Levels - Number);
        long x = (Area.X0 >> _precinctWidth) + precinct % Across, y = (Area.Y0 >> _precinctHeight) + precinct / Across;
        return (Math.Max(tile.X0, (x << _precinctWidth << reduction) * size.StepX), Math.Max(tile.Y0, (y << _precinctHeight << reduction) * size.StepY));
    }

    private IEnumerable<Subband> Details(TileComponent component, int level)
    {
        var width = component.Area.Band(level, 0, 0).Width;
        yield return new Subband(Orientation.HL, component.Area.Band(level, 1, 0), width, Rows.Low(Area.Y0), component, Number);
        yield return new Subband(Orientation.LH, component.Area.Band(level, 0, 1), 0, Rows.High(Area.Y0), component, Number);
        yield return new Subband(Orientation.HH, component.Area.Band(level, 1, 1), width, Rows.High(Area.Y0), component, Number);
    }

    private Precinct MakePrecinct(int index)
    {
        var half = Number == 0 ? 0 : 1;
        var (x, y) = ((Area.X0 >> _precinctWidth) + index % Across, (Area.Y0 >> _precinctHeight) + index / Across);
        var area = Area.Cell(x, y, _precinctWidth - half, _precinctHeight - half);
        var parts = Array.ConvertAll(Bands, band => band.Area.Intersect(area));
        foreach (var part in parts)
            Component.Budget.TakeCodeBlocks(part.IsEmpty ? 0 : Steps(part.X0, part.X1, _blockWidth) * Steps(part.Y0, part.Y1, _blockHeight));
        return new Precinct([.. Bands.Select((band, i) => new PrecinctBand(band, parts[i], _blockWidth, _blockHeight))]);

        static long Steps(int first, int end, int size) => ((end - 1) >> size) + 1L - (first >> size);
    }
}
