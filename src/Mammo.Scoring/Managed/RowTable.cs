namespace Mammo.Scoring.Managed;

/// <summary>Where the rows of a product lie: six rows a group, each made of segments of equal length.</summary>
/// <param name="offsets">For each group, for each segment, the offsets of its six rows.</param>
/// <param name="groups">Number of groups; the rows that a last group lacks are there and computed, but not used.</param>
/// <param name="segments">Segments of a row.</param>
/// <param name="length">Values of a segment.</param>
/// <param name="areFar">They come from memory: while a group is multiplied for the first time, the next one's are fetched.</param>
internal readonly unsafe ref struct RowTable(nint* offsets, int groups, int segments, int length, bool areFar)
{
    private readonly nint* _offsets = offsets;

    /// <summary>Rows of a group.</summary>
    public const int GroupRows = 6;

    /// <summary>Number of groups.</summary>
    public int Groups { get; } = groups;

    /// <summary>Segments of a row.</summary>
    public int Segments { get; } = segments;

    /// <summary>Values of a segment.</summary>
    public int Length { get; } = length;

    /// <summary>They come from memory.</summary>
    public bool AreFar { get; } = areFar;

    /// <summary>The offsets of a group from a segment on.</summary>
    public nint* Of(int group, int segment) => _offsets + ((((long)group * Segments) + segment) * GroupRows);
}
