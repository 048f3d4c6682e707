using System.Globalization;

namespace Mammo.Evaluation.Exams;

/// <summary>The scores of an exam, or of one breast of it, as one. Research use only.</summary>
public sealed record MammoExam
{
    /// <summary>Paths of its images, separated by semicolons.</summary>
    public required string Path { get; init; }

    /// <summary>Patient id.</summary>
    public required string Patient { get; init; }

    /// <summary>The exam; null where the images name none.</summary>
    public string? Exam { get; init; }

    /// <summary>The side of a breast, L or R; null for an exam.</summary>
    public string? Laterality { get; init; }

    /// <summary>The known class, the highest one of its images; null when unknown: it is known when that of every image is, or one image is positive.</summary>
    public string? TrueClass { get; init; }

    /// <summary>Index of the known class; null when unknown.</summary>
    public int? Label { get; init; }

    /// <summary>Probability of the last class, as <see cref="Combination"/> says, 0..1.</summary>
    public required double Score { get; init; }

    /// <summary>Probability of each class, made as <see cref="Score"/> is.</summary>
    public required NamedTable<double> Probability { get; init; }

    /// <summary>How the score was made: Mean, Max, Contralateral, or the hash of a fitted combination.</summary>
    public required string Combination { get; init; }

    /// <summary>Probability of each class: the mean over the views.</summary>
    public required NamedTable<double> MeanProbability { get; init; }

    /// <summary>Probability of each class in the view that scores highest.</summary>
    public required NamedTable<double> MaxProbability { get; init; }

    /// <summary>Probability of each class: the mean over the left breast's views; empty where there is none.</summary>
    public required NamedTable<double> LeftProbability { get; init; }

    /// <summary>Probability of each class: the mean over the right breast's views; empty where there is none.</summary>
    public required NamedTable<double> RightProbability { get; init; }

    /// <summary>
    /// Difference of the mean scores of the two breasts: of a breast, its own less the other's; of an exam without its sign. Null where there is one breast.
    /// </summary>
    public double? Difference { get; init; }

    /// <summary>Sides and views that were scored, as <c>L-CC;L-MLO;R-CC;R-MLO</c>; those of this breast for a breast.</summary>
    public required string Views { get; init; }

    /// <summary>Number of images that were scored; those of this breast for a breast.</summary>
    public required int Images { get; init; }

    /// <summary>Breasts of the exam with a score, 0 to 2; 0 where no side is known.</summary>
    public required int Breasts { get; init; }

    /// <summary>Weight in statistics: the mean of its images'.</summary>
    public double SampleWeight { get; init; } = 1;

    /// <summary>Ids of what makes the score doubtful, those of its images and its own, separated by semicolons.</summary>
    public string Warning { get; init; } = "";

    /// <summary>How its images were scored, and how these scores became one (<see cref="InferenceOptions"/>); empty when unknown.</summary>
    public string Inference { get; init; } = "";

    /// <summary>Hashes of the splits that its images' dataset is a part of.</summary>
    public string SplitHash { get; init; } = "";

    /// <summary>What a combination is made of.</summary>
    /// <param name="feature">Which.</param>
    internal double Value(ExamFeature feature) => feature switch
    {
        ExamFeature.Mean => MeanProbability.Values.Last(),
        ExamFeature.Max => MaxProbability.Values.Last(),
        ExamFeature.Difference => Difference ?? 0,
        _ => throw new ArgumentOutOfRangeException(nameof(feature)),
    };

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{string.Join(' ', new[] { Patient, Exam, Laterality }.OfType<string>())} ({Views}): {Score:0.0000}");
}
