using System.Collections.Immutable;

namespace Mammo.Data.Datasets.Formats;

/// <summary>How the official split of CBIS-DDSM into training and test set is taken.</summary>
public enum OfficialSplit
{
    /// <summary>As it was published: joined over masses and calcifications, patients are in both sets.</summary>
    AsPublished,

    /// <summary>Patients who are in both sets are dropped from training.</summary>
    Repaired,
}

/// <summary>The two sets of an official split, and what did not fit.</summary>
/// <param name="Training">The training set.</param>
/// <param name="Test">The test set, the same in both kinds of split.</param>
/// <param name="Findings">What was left out or is doubtful; one of them names the patients of both sets.</param>
public sealed record OfficialParts(MammoDataset Training, MammoDataset Test, ImmutableArray<Finding> Findings);
