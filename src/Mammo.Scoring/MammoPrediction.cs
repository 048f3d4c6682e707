using System.Collections.Immutable;
using System.Globalization;
using Mammo.Data.Datasets;
using Mammo.Evaluation.Decisions;
using Mammo.Scoring.Prediction;

namespace Mammo.Scoring;

/// <summary>Scores of one image. Research use only.</summary>
public sealed record MammoPrediction
{
    /// <summary>Full path of the image.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// The image's known class by the model's name for it, or its own where the model has no output for it; null when unknown. No verdict of the model.
    /// </summary>
    public string? TrueClass { get; init; }

    /// <summary>Index of the known class among the model's classes; null when unknown, or when the model has no output for it.</summary>
    public int? Label { get; init; }

    /// <summary>The class that the model decides for; null without a threshold for images in the model's card, and where nothing is decided.</summary>
    public string? PredictedClass { get; init; }

    /// <summary>
    /// What is decided by the thresholds of the model's card: None where these leave the score undecided; null without thresholds for images, for several
    /// models,
    /// and for scores that are made in another way than those for which the thresholds were chosen.
    /// </summary>
    public Decision? Decision { get; init; }

    /// <summary>
    /// Probability of the last class, 0..1: of cancer for the classes neg, pos. The mean over flips and models; null when there is none, for which
    /// <see cref="Reason"/> says why.
    /// </summary>
    public required double? Score { get; init; }

    /// <summary>Probability of each class, 0..1: the mean over flips and models; empty without a score.</summary>
    public required NamedTable<double> Probability { get; init; }

    /// <summary>Each model's own <see cref="Score"/>, by model name; empty without a score.</summary>
    public required NamedTable<double> ModelScore { get; init; }

    /// <summary>Patient id; null when unknown.</summary>
    public string? Patient { get; init; }

    /// <summary>Breast side; null when unknown.</summary>
    public string? Laterality { get; init; }

    /// <summary>Projection; null when unknown.</summary>
    public string? View { get; init; }

    /// <summary>Weight in statistics.</summary>
    public double SampleWeight { get; init; } = 1;

    /// <summary>
    /// Which values of a DICOM file were shown to the network: <c>Lut</c>, <c>Window:n</c> with its function, or <c>None</c>; null for other formats.
    /// </summary>
    public string? VoiUsed { get; init; }

    /// <summary>Which DICOM instance was scored (SOP Instance UID); null for other formats and without a score.</summary>
    public string? SopInstanceUid { get; init; }

    /// <summary>Ids of what makes the score doubtful, separated by semicolons; empty when nothing was noticed. The run's warnings explain them.</summary>
    public string Warning { get; init; } = "";

    /// <summary>Id of the error for which there is no score (docs/errors.md); null with a score.</summary>
    public string? ErrorId { get; init; }

    /// <summary>Why there is no score; null with one.</summary>
    public string? Reason { get; init; }

    /// <summary>Engine, device and precision: <c>torch cpu float32</c>; empty without a score.</summary>
    public required string Engine { get; init; }

    /// <summary>How it was scored: models, weights, preparation, flips, engine (<see cref="Evaluation.InferenceOptions"/>).</summary>
    public string Inference { get; init; } = "";

    /// <summary>Hashes of the splits that its dataset is a part of, separated by blanks; empty when it was not split.</summary>
    public string SplitHash { get; init; } = "";

    /// <summary>Whatever else the image's list says, by column; PowerShell shows each as a property of the prediction.</summary>
    public ImmutableSortedDictionary<string, string> Extra { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Who made it and how, as long as it stays in the process that made it; null afterwards.</summary>
    internal PredictionOrigin? Origin { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Format(CultureInfo.InvariantCulture, "{0}: {1:0.0000}", System.IO.Path.GetFileName(Path), Score ?? (object)$"no score ({ErrorId})");

    /// <summary>The record of an image that could not be scored.</summary>
    /// <param name="image">The image.</param>
    /// <param name="failure">Why.</param>
    public static MammoPrediction Failed(MammoImage image, MammoException failure)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(failure);
        return new MammoPrediction
        {
            Path = image.Path,
            TrueClass = image.Class,
            Score = null,
            Probability = NamedTable.None<double>(),
            ModelScore = NamedTable.None<double>(),
            Patient = image.Patient,
            Laterality = image.Laterality,
            View = image.View,
            SampleWeight = image.SampleWeight,
            Extra = image.Extra,
            ErrorId = failure.ErrorId,
            Reason = failure.Message,
            Engine = "",
        };
    }
}
