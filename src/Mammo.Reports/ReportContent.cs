using System.Collections.Immutable;
using Mammo.Evaluation.Localisation;
using Mammo.Evaluation.Measurement;
using Mammo.Evaluation.Sets;

namespace Mammo.Reports;

/// <summary>A name with a value, as text.</summary>
public sealed record Fact(string Name, string Value);

/// <summary>Numbers of images by a property, such as the view.</summary>
/// <param name="Property">The property.</param>
/// <param name="Counts">Number of images of each value.</param>
public sealed record CountTable(string Property, NamedTable<int> Counts);

/// <summary>The measurement of the samples that share a value of a property.</summary>
/// <param name="Property">The property.</param>
/// <param name="Value">The value.</param>
/// <param name="Result">The measurement.</param>
public sealed record Subgroup(string Property, string Value, EvaluationResult Result);

/// <summary>A sample that is worth looking at.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Patient">Its patient; null when unknown.</param>
/// <param name="Score">Its score.</param>
/// <param name="Positive">Whether it is positive: then it is a low score, a false negative, else a high one, a false positive.</param>
/// <param name="Picture">A PNG picture of it with its heatmap; empty for none.</param>
public sealed record ReportCase(string Id, string? Patient, double Score, bool Positive, ReadOnlyMemory<byte> Picture);

/// <summary>A quantity over the epochs of a training.</summary>
/// <param name="Name">What it is: <c>training loss</c>.</param>
/// <param name="Values">Its value after each epoch, from the first; NaN where there is none.</param>
public sealed record HistoryCurve(string Name, ImmutableArray<double> Values);

/// <summary>A model that was measured.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Facts">What its card says.</param>
public sealed record ReportModel(string Name, ImmutableArray<Fact> Facts);

/// <summary>Everything that a report shows. What is left empty is left out of it.</summary>
public sealed record ReportContent
{
    /// <summary>Heading.</summary>
    public required string Title { get; init; }

    /// <summary>What was asked, in a sentence or two; null when nobody wrote it down.</summary>
    public string? Question { get; init; }

    /// <summary>When the report was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Name of the positive class.</summary>
    public required string PositiveClass { get; init; }

    /// <summary>The measurement.</summary>
    public required EvaluationResult Result { get; init; }

    /// <summary>The scores that were measured, for the histogram.</summary>
    public required ScoredSet Scores { get; init; }

    /// <summary>What is known of the data: fingerprint, hash of the split.</summary>
    public ImmutableArray<Fact> Data { get; init; } = [];

    /// <summary>Numbers of images by class, view, manufacturer and the like.</summary>
    public ImmutableArray<CountTable> Counts { get; init; } = [];

    /// <summary>What was noticed about images, lists and models.</summary>
    public FindingList Findings { get; init; } = FindingList.Empty;

    /// <summary>Measurements of groups.</summary>
    public ImmutableArray<Subgroup> Subgroups { get; init; } = [];

    /// <summary>How well lesions are found; null when they are not known.</summary>
    public LocalisationResult? Localisation { get; init; }

    /// <summary>How the lesions were looked for: model, classes, tolerance.</summary>
    public ImmutableArray<Fact> LocalisationFacts { get; init; } = [];

    /// <summary>The highest scores of negatives and the lowest of positives.</summary>
    public ImmutableArray<ReportCase> Cases { get; init; } = [];

    /// <summary>Losses over the epochs of the training.</summary>
    public ImmutableArray<HistoryCurve> History { get; init; } = [];

    /// <summary>The models.</summary>
    public ImmutableArray<ReportModel> Models { get; init; } = [];

    /// <summary>Options of the run that made the scores.</summary>
    public ImmutableArray<Fact> Options { get; init; } = [];

    /// <summary>Versions of Mammo and its libraries.</summary>
    public ImmutableArray<Fact> Versions { get; init; } = [];
}
