namespace Mammo.Data.Patches;

/// <summary>What became of one image when patches were sampled.</summary>
/// <param name="Path">The image.</param>
/// <param name="Name">Its name within the patch set: the beginning of its patches' names.</param>
public sealed record PatchSetRecord(string Path, string Name)
{
    /// <summary>Patches of each class.</summary>
    public NamedTable<int> Patches { get; init; } = NamedTable.None<int>();

    /// <summary>Number of patches.</summary>
    public int Count => Patches.Values.Sum();

    /// <summary>How many of the background patches are hard negatives, at bright spots.</summary>
    public int HardNegative { get; init; }

    /// <summary>How many of the background patches lie outside the breast.</summary>
    public int Outside { get; init; }

    /// <summary>How many of the background patches lie on the edge of the breast.</summary>
    public int Edge { get; init; }

    /// <summary>The lowest overlap with a region that had to do; null without patches drawn at random on one.</summary>
    public double? Cutoff { get; init; }

    /// <summary>Which values of a DICOM file are in the patches; null for other formats.</summary>
    public string? VoiUsed { get; init; }

    /// <summary>What is missing, and why.</summary>
    public FindingList Warnings { get; init; } = FindingList.Empty;

    /// <summary>Why the image gave nothing; null when it was sampled.</summary>
    public MammoException? Error { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Error is null ? $"{Name}: {Count} patches" : $"{Name}: {Error.Message}";
}
