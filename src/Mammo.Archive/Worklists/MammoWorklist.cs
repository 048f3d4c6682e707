using System.Collections.Immutable;
using System.Globalization;

namespace Mammo.Archive.Worklists;

/// <summary>What a worklist holds.</summary>
public sealed record MammoWorklist
{
    /// <summary>Full path of the list.</summary>
    public required string Path { get; init; }

    /// <summary>Folder that its paths start at.</summary>
    public required string Root { get; init; }

    /// <summary>Lines: files that are images.</summary>
    public long Files { get; init; }

    /// <summary>Bytes of these files.</summary>
    public long Bytes { get; init; }

    /// <summary>Files that are known by their SOP Instance UID.</summary>
    public long ByUid { get; init; }

    /// <summary>Files that are known by their content.</summary>
    public long ByContent { get; init; }

    /// <summary>Files that could not be read, which will be refused.</summary>
    public long Unreadable { get; init; }

    /// <summary>Files that were passed over in this call, being no images, or none that were asked for.</summary>
    public long PassedOver { get; init; }

    /// <summary>Files that are the image of an earlier one by their identity, and will not be scored again.</summary>
    public long Copies { get; init; }

    /// <summary>Those of them whose length or header differs from its: other images may have been given its UID.</summary>
    public long DifferentCopies { get; init; }

    /// <summary>Paths of the first of these pairs.</summary>
    public ImmutableArray<string> DifferentExamples { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Path}: {Files} files below {Root}");

    internal MammoWorklist With(WorkItem item)
    {
        var isPath = item.Identity.StartsWith(WorkItem.PathPrefix, StringComparison.Ordinal);
        var isContent = item.Identity.StartsWith(WorkItem.ContentPrefix, StringComparison.Ordinal);
        return this with
        {
            Files = Files + 1,
            Bytes = Bytes + item.Bytes,
            ByUid = ByUid + (isPath || isContent ? 0 : 1),
            ByContent = ByContent + (isContent ? 1 : 0),
            Unreadable = Unreadable + (isPath ? 1 : 0),
        };
    }
}
