using System.Collections.Immutable;

namespace Mammo.Data.Datasets;

/// <summary>What a check of one or more datasets found.</summary>
/// <param name="Sets">What is in each of them.</param>
/// <param name="Findings">What is wrong or doubtful.</param>
public sealed record DatasetReport(ImmutableArray<DatasetSummary> Sets, ImmutableArray<DatasetFinding> Findings);
