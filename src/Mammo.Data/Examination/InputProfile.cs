using System.Collections.Immutable;

namespace Mammo.Data.Examination;

/// <summary>What images look like as a set: what a network was trained on, or what it is given.</summary>
public sealed record InputProfile
{
    /// <summary>Images that were looked at.</summary>
    public int Count { get; init; }

    /// <summary>Of those from DICOM files, which values were shown, with the number of images.</summary>
    public ImmutableSortedDictionary<string, int> VoiUsed { get; init; } = ImmutableSortedDictionary<string, int>.Empty;
}
