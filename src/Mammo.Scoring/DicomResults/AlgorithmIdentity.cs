using System.Collections.Immutable;
using Mammo.Data.Dicom.Writing;
using Mammo.Evaluation;

namespace Mammo.Scoring.DicomResults;

/// <summary>What made a number (PS3.16, TID 4019).</summary>
/// <param name="Name">Names of the models.</param>
/// <param name="Parameters">Hashes of their weights and the options of the run, each as <c>name=value</c>.</param>
internal sealed record AlgorithmIdentity(string Name, ImmutableArray<string> Parameters)
{
    private const string Engine = $"{InferenceOptions.Engine}=";

    /// <summary>The algorithm of a run.</summary>
    public static AlgorithmIdentity Of(string inference, KnownModels models) =>
        new(InferenceOptions.Read(inference).GetValueOrDefault(InferenceOptions.Model, "unknown"), [.. models.Parameters(inference)]);

    /// <summary>All of it, for identifiers.</summary>
    public IEnumerable<string> Key => [Name, ResultInstance.Version, .. Parameters.Select(KeyOf)];

    /// <summary>
    /// What identifies a run: all of its options, but of the engine its precision alone. Which library and device computed it is by default the faster one of a
    /// trial, changes scores by rounding alone, and makes no second report.
    /// </summary>
    public static string RunOf(string inference) => string.Join(';', inference.Split(';').Select(KeyOf));

    private static string KeyOf(string option) => option.StartsWith(Engine, StringComparison.Ordinal)
        ? Engine + string.Join(',', option[Engine.Length..].Split(',').Select(engine => engine.Split(' ')[^1]).Distinct())
        : option;

    /// <summary>Its content items.</summary>
    /// <param name="statement">What stands beside the number: calibration and threshold.</param>
    public IEnumerable<DicomItem> Items(ScoreStatement statement) =>
    [
        ContentItem.Text(ContentItem.HasConceptMod, Concept.AlgorithmName, Name),
        ContentItem.Text(ContentItem.HasConceptMod, Concept.AlgorithmVersion, $"Mammo {ResultInstance.Version}"),
        .. Parameters.Append($"calibration: {statement.Calibration}").Append($"threshold: {statement.Threshold}")
            .Select(parameter => ContentItem.Text(ContentItem.HasConceptMod, Concept.AlgorithmParameters, parameter)),
    ];
}
