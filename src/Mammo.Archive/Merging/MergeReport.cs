using System.Collections.Immutable;
using System.Globalization;

namespace Mammo.Archive.Merging;

/// <summary>What became of the images of a worklist: in = scored + refused + missing.</summary>
public sealed record MergeReport
{
    /// <summary>The merged file; null when it was not written.</summary>
    public string? Path { get; init; }

    /// <summary>Images of the worklist.</summary>
    public long In { get; init; }

    /// <summary>Images with scores.</summary>
    public long Scored { get; init; }

    /// <summary>Images that were refused.</summary>
    public long Refused { get; init; }

    /// <summary>Refused images by the id of the error.</summary>
    public NamedTable<int> RefusedBy { get; init; } = NamedTable.None<int>();

    /// <summary>Images without any result.</summary>
    public long Missing { get; init; }

    /// <summary>Images that were scored more than once with the same numbers, of which one counts.</summary>
    public long Twice { get; init; }

    /// <summary>Images that were scored more than once with different numbers.</summary>
    public long Conflicting { get; init; }

    /// <summary>The largest difference between such numbers.</summary>
    public double LargestDifference { get; init; }

    /// <summary>Files of the worklist that are the image of an earlier line.</summary>
    public long Copies { get; init; }

    /// <summary>Those of them whose length or header differs from its: other images may have been given its UID, and were not scored.</summary>
    public long DifferentCopies { get; init; }

    /// <summary>Results of images that are not in the worklist; they are not in the merged file.</summary>
    public long Foreign { get; init; }

    /// <summary>Result files that were read.</summary>
    public int ResultFiles { get; init; }

    /// <summary>Lines of them that are damaged and do not count.</summary>
    public long DamagedLines { get; init; }

    /// <summary>Paths of the first images without a result.</summary>
    public ImmutableArray<string> MissingExamples { get; init; } = [];

    /// <summary>Paths of the first images with different numbers.</summary>
    public ImmutableArray<string> ConflictingExamples { get; init; } = [];

    /// <summary>Whether every image has exactly one result.</summary>
    public bool AddsUp => Missing == 0 && Conflicting == 0;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{In} images in: {Scored} scored, {Refused} refused, {Missing} missing; {Twice} twice with the same numbers, {Conflicting} with different ones");
}
