namespace Mammo.Evaluation.Exams;

/// <summary>A scored image of an exam.</summary>
/// <param name="Facts">Its name, patient, side, and how it was scored.</param>
public sealed record ExamImage(ImageFacts Facts)
{
    /// <summary>Its exam; null where a patient has one exam, or it is not known.</summary>
    public string? Exam { get; init; }

    /// <summary>Its view: CC, MLO; null when unknown.</summary>
    public string? View { get; init; }

    /// <summary>Probability of each class, the positive one last; null when the image could not be scored.</summary>
    public NamedTable<double>? Probability { get; init; }

    /// <summary>Index of its known class; null when unknown.</summary>
    public int? Label { get; init; }

    /// <summary>Weight in statistics, at least 0.</summary>
    public double SampleWeight { get; init; } = 1;

    /// <summary>L or R; null when the side is not known.</summary>
    internal string? Side => char.ToUpperInvariant(Facts.Laterality?.Trim().FirstOrDefault() ?? ' ') switch { 'L' => "L", 'R' => "R", _ => null };

    /// <summary>Side and view as they are shown: L-MLO.</summary>
    internal string Place => string.Join('-', new[] { Side, View?.Trim().ToUpperInvariant() }.Where(part => !string.IsNullOrEmpty(part)));
}
