using System.Collections.Immutable;
using System.Globalization;
using Mammo.Evaluation;
using Mammo.Evaluation.Localisation;
using Mammo.Evaluation.Measurement;

namespace Mammo.Scoring.Localisation;

/// <summary>How well the peaks of heatmaps agree with annotated lesions. Research use only.</summary>
public sealed record MammoLocalisation
{
    /// <summary>The part of the images that was measured; null for all of them.</summary>
    public MeasurementGroup? Group { get; init; }

    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Classes whose values were added up.</summary>
    public required ImmutableArray<string> Classes { get; init; }

    /// <summary>Which lesions were to be found.</summary>
    public required LesionKind Lesion { get; init; }

    /// <summary>Stored pixels by which a mark may miss a lesion and still hits it.</summary>
    public required double Tolerance { get; init; }

    /// <summary>Number of images.</summary>
    public int Images => Result.Images;

    /// <summary>Number of images without lesions.</summary>
    public int NormalImages => Result.NormalImages;

    /// <summary>Number of lesions.</summary>
    public int Lesions => Result.Lesions;

    /// <summary>Number of patients; null when they are not known.</summary>
    public int? Patients => Result.Patients;

    /// <summary>Number of marks: local peaks of the maps.</summary>
    public required int Marks { get; init; }

    /// <summary>Number of images of which it is not known where their lesions are.</summary>
    public required int LeftOut { get; init; }

    /// <summary>Hashes of the splits that the dataset is a part of; empty when it was not split, or it is not known.</summary>
    public required string SplitHash { get; init; }

    /// <summary>How the heatmaps were made.</summary>
    public required string Inference { get; init; }

    /// <summary>Replicates and seed of the bootstrap.</summary>
    public required EvaluationOptions Options { get; init; }

    /// <summary>Every statistic with its intervals, and the FROC curve with its band.</summary>
    public required LocalisationResult Result { get; init; }

    /// <summary>What makes the numbers doubtful.</summary>
    public FindingList Warnings { get; init; } = FindingList.Empty;

    /// <inheritdoc/>
    public override string ToString() => string.Format(
        CultureInfo.InvariantCulture, "pointing game {0}, JAFROC {1} ({2} images, {3} lesions)", Result[LocalisationStatistic.PointingGame],
        Result[LocalisationStatistic.Jafroc], Images, Lesions);
}
