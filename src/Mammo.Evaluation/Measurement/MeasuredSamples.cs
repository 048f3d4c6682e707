using System.Security.Cryptography;
using System.Text;
using Mammo.Evaluation.Sets;

namespace Mammo.Evaluation.Measurement;

/// <summary>Images with the probabilities of all classes and their true class, by column.</summary>
/// <param name="Classes">Names of the classes.</param>
/// <param name="Probabilities">Images × classes, row by row.</param>
/// <param name="Labels">Index of each image's true class.</param>
/// <param name="Weights">Weight of each image.</param>
/// <param name="Facts">What else is known of each.</param>
internal sealed record MeasuredSamples(IReadOnlyList<string> Classes, double[] Probabilities, int[] Labels, double[] Weights, ImageFacts[] Facts)
{
    /// <summary>Number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>Whether the patients of all images are known.</summary>
    public bool HasPatients => Array.TrueForAll(Facts, facts => !string.IsNullOrWhiteSpace(facts.Patient));

    /// <summary>Number of images whose patient is known.</summary>
    public int WithPatient => Facts.Count(facts => !string.IsNullOrWhiteSpace(facts.Patient));

    /// <summary>Identity of the samples: SHA-256 over the sorted lines of file name, class and patient, so that it is the same on every machine.</summary>
    public string Fingerprint
    {
        get
        {
            var lines = Facts.Select((facts, i) => $"{Path.GetFileName(facts.Id.Replace('\\', '/'))}\t{Classes[Labels[i]]}\t{facts.Patient}\n");
            var text = string.Concat(lines.Order(StringComparer.Ordinal));
            return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text))).ToLowerInvariant();
        }
    }

    /// <summary>Distinct values that are known, joined.</summary>
    public string Distinct(Func<ImageFacts, string> value) =>
        string.Join(" | ", Facts.Select(value).Where(text => text.Length > 0).Distinct(StringComparer.Ordinal));

    /// <summary>Some of the images.</summary>
    public MeasuredSamples Where(Func<int, bool> isKept)
    {
        int[] kept = [.. Enumerable.Range(0, Count).Where(isKept)];
        return this with
        {
            Probabilities = [.. kept.SelectMany(i => Row(i).ToArray())],
            Labels = [.. kept.Select(i => Labels[i])],
            Weights = [.. kept.Select(i => Weights[i])],
            Facts = [.. kept.Select(i => Facts[i])],
        };
    }

    /// <summary>Scores of the positive class, the last one, with the patients where all are known or a unit needs them.</summary>
    /// <exception cref="MammoException">Those of <see cref="ScoredSetBuilder"/>.</exception>
    public ScoredSet ToSet(EvaluationUnit unit)
    {
        var builder = new ScoredSetBuilder();
        var withPatients = unit != EvaluationUnit.Image || HasPatients;
        for (var i = 0; i < Count; i++)
        {
            var facts = Facts[i];
            builder.Add(
                facts.Id.Length > 0 ? facts.Id : $"image {i + 1}",
                Row(i)[^1],
                Labels[i] == Classes.Count - 1,
                withPatients ? facts.Patient : null,
                facts.Laterality,
                Weights[i]);
        }

        return builder.ToSet();
    }

    /// <summary>
    /// One sample for each breast or patient: of the highest class among its images, with their mean probabilities or those of the image that scores
    /// highest, and the mean of their weights.
    /// </summary>
    /// <param name="keys">Number of each image's breast or patient.</param>
    /// <param name="score">How scores become one.</param>
    public (double[] Probabilities, int[] Labels, double[] Weights) By(int[] keys, UnitScore score)
    {
        var groups = Enumerable.Range(0, Count).GroupBy(i => keys[i]).Select(group => group.ToArray()).ToArray();
        var probabilities = new double[groups.Length * Classes.Count];
        for (var group = 0; group < groups.Length; group++)
        {
            var row = probabilities.AsSpan(group * Classes.Count, Classes.Count);
            if (score == UnitScore.Max)
            {
                Row(groups[group].MaxBy(i => Row(i)[^1])).CopyTo(row);
                continue;
            }

            foreach (var i in groups[group])
            {
                for (var label = 0; label < row.Length; label++)
                    row[label] += Row(i)[label];
            }

            for (var label = 0; label < row.Length; label++)
                row[label] /= groups[group].Length;
        }

        return (
            probabilities,
            [.. groups.Select(group => group.Max(i => Labels[i]))],
            [.. groups.Select(group => group.Sum(i => Weights[i]) / group.Length)]);
    }

    private ReadOnlySpan<double> Row(int image) => Probabilities.AsSpan(image * Classes.Count, Classes.Count);
}
