using System.Collections.Immutable;

namespace Mammo.Data.Datasets;

/// <summary>A dataset as it was read, and what did not fit.</summary>
/// <param name="Dataset">The images that can be used.</param>
/// <param name="Findings">What was left out or is doubtful, and why.</param>
public sealed record DatasetImport(MammoDataset Dataset, ImmutableArray<DatasetFinding> Findings);
