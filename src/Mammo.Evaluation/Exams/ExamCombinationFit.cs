using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Mammo.Evaluation.Numerics;

namespace Mammo.Evaluation.Exams;

/// <summary>Fits combinations on validation exams.</summary>
public static class ExamCombinationFit
{
    private const double Constant = 1e-12;

    /// <summary>
    /// Logistic regression on standardised features with a ridge (le Cessie and van Houwelingen, Applied Statistics 41:191, 1992); the same exams give the
    /// same numbers.
    /// </summary>
    /// <param name="exams">Exams or breasts of <see cref="ExamBuilder.Join"/>; those without a known class are left out.</param>
    /// <param name="unit">Which of the two they are.</param>
    /// <param name="features">The features, each once.</param>
    /// <param name="ridge">Penalty on the squared weights, above 0.</param>
    /// <param name="inference">How their images were scored; empty when unknown.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.CombinationImpossible"/>: other than two classes, one class alone, or no difference between the exams.
    /// </exception>
    public static ExamCombination Of(
        IReadOnlyList<MammoExam> exams, ExamUnit unit, ImmutableArray<ExamFeature> features, double ridge, string inference)
    {
        ArgumentNullException.ThrowIfNull(exams);
        MammoExam[] known = [.. exams.Where(exam => exam.Label is not null)];
        if (known.Length == 0)
            throw Impossible("the class of none is known");
        ImmutableArray<string> classes = [.. known[0].Probability.Keys];
        if (classes.Length != 2)
            throw Impossible($"there are {classes.Length} classes");
        bool[] positives = [.. known.Select(exam => exam.Label == 1)];
        if (positives.All(positive => positive) || !positives.Contains(true))
            throw Impossible(positives[0] ? "all are positive" : "none is positive");
        var columns = features.Select(feature => known.Select(exam => exam.Value(feature)).ToArray()).ToArray();
        double[] centres = [.. columns.Select(column => column.Average())];
        double[] scales = [.. columns.Select((column, k) => Deviation(column, centres[k]))];
        if (scales.All(scale => scale == 0))
            throw Impossible("all have the same scores");
        double[][] standard = [.. columns.Select((column, k) => column.Select(value => (value - centres[k]) / NotZero(scales[k])).ToArray())];
        double[] weights = [.. known.Select(exam => exam.SampleWeight)];
        if (RidgeLogistic.Fit(standard, positives, weights, ridge) is not [var intercept, .. var slopes])
            throw Impossible("no logistic curve fits them");
        return new ExamCombination(
            unit,
            classes,
            [.. features.Select((feature, k) => new ExamTerm(feature, centres[k], NotZero(scales[k]), slopes[k]))],
            intercept,
            ridge,
            inference,
            new FittedExams(
                known.Length,
                positives.Count(positive => positive),
                known.Select(exam => exam.Patient).Distinct(PatientIds.Comparer).Count(),
                Fingerprint(known),
                string.Join(" | ", known.Select(exam => exam.SplitHash).Where(hash => hash.Length > 0).Distinct(StringComparer.Ordinal))));
    }

    // File names alone, so that it is the same on every machine.
    private static string Fingerprint(IEnumerable<MammoExam> exams)
    {
        var lines = exams.Select(exam => string.Join('\t',
            string.Join(';', exam.Path.Split(';').Select(path => Path.GetFileName(path.Replace('\\', '/')))), exam.TrueClass, exam.Patient));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines.Order(StringComparer.Ordinal))))).ToLowerInvariant();
    }

    private static double Deviation(double[] column, double centre)
    {
        var deviation = Math.Sqrt(column.Average(value => (value - centre) * (value - centre)));
        return deviation < Constant ? 0 : deviation;
    }

    private static double NotZero(double scale) => scale == 0 ? 1 : scale;

    private static MammoException Impossible(string reason) => new(
        ErrorIds.CombinationImpossible,
        $"No combination can be fitted on these exams: {reason}.",
        "Give predictions of validation exams of both classes, on which the model was not trained.");
}
