using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Mammo.Evaluation.Numerics;

namespace Mammo.Evaluation.Exams;

/// <summary>A logistic combination of an exam's numbers, fitted on exams whose class is known.</summary>
/// <param name="Unit">Whether exams or breasts are scored.</param>
/// <param name="Classes">The two classes, the positive one last.</param>
/// <param name="Terms">The features with their weights.</param>
/// <param name="Intercept">Added to the log-odds.</param>
/// <param name="Ridge">Penalty with which it was fitted.</param>
/// <param name="Inference">How the images were scored that it was fitted on; empty when unknown.</param>
/// <param name="FittedOn">What it was fitted on.</param>
public sealed record ExamCombination(
    ExamUnit Unit, ImmutableArray<string> Classes, ImmutableArray<ExamTerm> Terms, double Intercept, double Ridge, string Inference, FittedExams FittedOn)
{
    /// <summary>
    /// Identity of the combination: the first 16 digits of the SHA-256 of its unit, classes, terms, intercept, and of how and on what it was fitted.
    /// </summary>
    public string Hash
    {
        get
        {
            string[] parts =
            [
                $"{Unit}", .. Classes, .. Terms.Select(term => FormattableString.Invariant($"{term.Feature}={term.Centre:R},{term.Scale:R},{term.Weight:R}")),
                FormattableString.Invariant($"{Intercept:R},{Ridge:R}"), Inference,
                FormattableString.Invariant($"{FittedOn.Count},{FittedOn.Positives},{FittedOn.Patients}"), FittedOn.Fingerprint, FittedOn.SplitHash,
            ];
            return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..InferenceOptions.HashDigits].ToLowerInvariant();
        }
    }

    /// <summary>The probability of the positive class: 1 / (1 + e^−z), z = intercept + Σ weight · (value − centre) / scale.</summary>
    /// <param name="exam">An exam or breast, as the combination's unit says.</param>
    /// <returns>0..1.</returns>
    public double Apply(MammoExam exam)
    {
        ArgumentNullException.ThrowIfNull(exam);
        return Logit.Inverse(Intercept + Terms.Sum(term => term.Weight * (exam.Value(term.Feature) - term.Centre) / term.Scale));
    }

    /// <summary>Throws where images were scored in another way than those that it was fitted on.</summary>
    /// <param name="inference">How they were scored; empty when unknown.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.CombinationForeign"/>.</exception>
    internal void Check(string inference)
    {
        if (Inference.Length == 0 || inference.Length == 0 || InferenceOptions.Meaningful(Inference, inference).ToArray() is not { Length: > 0 } differences)
            return;
        throw new MammoException(
            ErrorIds.CombinationForeign,
            $"The combination was fitted on scores that were made in another way ({string.Join("; ", differences.Select(difference => $"{difference}"))}).",
            "Fit one on validation exams that this model scored with these options (New-MammoExamCombination).");
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Unit}: {Intercept:0.###}{string.Concat(Terms.Select(term => FormattableString.Invariant($" {term.Weight:+0.###;-0.###} {term.Feature}")))}");
}

/// <summary>A feature of a combination.</summary>
/// <param name="Feature">Which.</param>
/// <param name="Centre">Its mean over the exams that were fitted on.</param>
/// <param name="Scale">Its standard deviation over them, 1 where it was constant.</param>
/// <param name="Weight">Log-odds for each standard deviation.</param>
public sealed record ExamTerm(ExamFeature Feature, double Centre, double Scale, double Weight);

/// <summary>What a combination was fitted on.</summary>
/// <param name="Count">Exams or breasts.</param>
/// <param name="Positives">Those of the positive class.</param>
/// <param name="Patients">Their patients.</param>
/// <param name="Fingerprint">SHA-256 over the sorted lines of file names, class and patient.</param>
/// <param name="SplitHash">Hashes of the splits that their images are parts of; empty when unknown.</param>
public sealed record FittedExams(int Count, int Positives, int Patients, string Fingerprint, string SplitHash);
