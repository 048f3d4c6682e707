using System.Collections.Immutable;

namespace Mammo.Evaluation;

/// <summary>What a measurement needs to know of a scored image beside its score.</summary>
public sealed record ImageFacts
{
    /// <summary>Nothing is known.</summary>
    public static ImageFacts None { get; } = new();

    /// <summary>Its name: a path; empty when unknown.</summary>
    public string Id { get; init; } = "";

    /// <summary>Its patient; null when unknown.</summary>
    public string? Patient { get; init; }

    /// <summary>Its side; null when unknown.</summary>
    public string? Laterality { get; init; }

    /// <summary>How it was scored: <see cref="InferenceOptions"/>; empty when unknown.</summary>
    public string Inference { get; init; } = "";

    /// <summary>Hashes of the splits that its dataset is a part of; empty when unknown.</summary>
    public string SplitHash { get; init; } = "";

    /// <summary>Ids of what makes its score doubtful.</summary>
    public string Warning { get; init; } = "";

    /// <summary>Its values of the properties by which is grouped, in their order; null where it has none.</summary>
    public ImmutableArray<string?> Groups { get; init; } = [];
}
