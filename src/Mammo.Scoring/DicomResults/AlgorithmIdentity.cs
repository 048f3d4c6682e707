using System.Collections.Immutable;
using Mammo.Data.Dicom.Writing;
using Mammo.Evaluation;

namespace Mammo.Scoring.DicomResults;

/// <summary>What made a number (PS3.16, TID 4019).</summary>
/// <param name="Name">Names of the models.</param>
/// <param name="Parameters">Hashes of their weights and the options of the run, each as <c>name=value</c>.</param>
internal sealed record AlgorithmIdentity(string Name, ImmutableArray<string> Parameters)
{
    /// <summary>The algorithm of a run.</summary>
    public static AlgorithmIdentity Of(string inference, KnownModels models) =>
        new(InferenceOptions.Read(inference).GetValueOrDefault(InferenceOptions.Model, "unknown"), [.. models.Parameters(inference)]);

    /// <summary>All of it, for identifiers.</summary>
    public IEnumerable<string> Key => [Name, ResultInstance.Version, .. Parameters];

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
