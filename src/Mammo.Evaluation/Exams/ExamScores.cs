using System.Collections.Immutable;

namespace Mammo.Evaluation.Exams;

/// <summary>One exam's images → its record, or one for each of its breasts.</summary>
internal static class ExamScores
{
    private static readonly string[] Sides = ["L", "R"];
    private static readonly string?[] Both = [null];

    /// <summary>The records.</summary>
    /// <param name="images">The images of the exam; at least one has a score.</param>
    /// <param name="unit">Exam or breast.</param>
    /// <param name="classes">The classes.</param>
    /// <param name="score">How scores become one.</param>
    /// <param name="combination">A fitted combination; null for none.</param>
    public static IEnumerable<MammoExam> Of(
        IReadOnlyList<ExamImage> images, ExamUnit unit, ImmutableArray<string> classes, ExamScore score, ExamCombination? combination)
    {
        var sides = Sides.ToDictionary(side => side, side => Mean(images.Where(image => image.Side == side), classes));
        foreach (string? side in unit == ExamUnit.Exam ? Both : Sides)
        {
            var own = images.Where(image => side is null || image.Side == side).ToArray();
            if (!own.Any(image => image.Probability is not null))
                continue;
            var joined = Joined(own, side, sides, classes);
            var probability = combination is not null ? Pair(combination.Apply(joined))
                : score == ExamScore.Mean ? joined.MeanProbability
                : score == ExamScore.Max ? joined.MaxProbability
                : Pair(Contralateral(joined));
            var name = combination?.Hash ?? $"{score}";
            yield return joined with
            {
                Score = probability.Values.Last(),
                Probability = probability,
                Combination = name,
                Inference = joined.Inference.Length == 0 ? "" : $"{joined.Inference};unit={unit};joined={name}",
            };
        }

        NamedTable<double> Pair(double positive) => NamedTable.Of<double>(classes, [1 - positive, positive]);
    }

    private static MammoExam Joined(
        ExamImage[] images, string? side, Dictionary<string, NamedTable<double>> sides, ImmutableArray<string> classes)
    {
        var scored = images.Where(image => image.Probability is not null).ToArray();
        var (left, right) = (sides[Sides[0]], sides[Sides[1]]);
        double? difference = left.Count == 0 || right.Count == 0 ? null : left.Values.Last() - right.Values.Last();
        var mean = Mean(scored, classes);
        var label = Label(images, classes.Length);
        return new MammoExam
        {
            Path = string.Join(';', images.Select(image => image.Facts.Id).Where(path => path.Length > 0)),
            Patient = images[0].Facts.Patient!.Trim(),
            Exam = images[0].Exam?.Trim(),
            Laterality = side,
            Label = label,
            TrueClass = label is { } known ? classes[known] : null,
            Score = 0,
            Probability = mean,
            Combination = "",
            MeanProbability = mean,
            MaxProbability = scored.MaxBy(image => image.Probability!.Values.Last())!.Probability!,
            LeftProbability = left,
            RightProbability = right,
            Difference = side is null ? difference is { } both ? Math.Abs(both) : null : side == Sides[0] ? difference : -difference,
            Views = string.Join(';', scored.Select(image => image.Place).Where(place => place.Length > 0).Order(StringComparer.Ordinal)),
            Images = scored.Length,
            Breasts = sides.Values.Count(table => table.Count > 0),
            SampleWeight = images.Average(image => image.SampleWeight),
            Warning = string.Join(';', Warnings(images)),
            Inference = scored[0].Facts.Inference,
            SplitHash = string.Join(' ', images.Select(image => image.Facts.SplitHash).Where(hash => hash.Length > 0).Distinct(StringComparer.Ordinal)),
        };
    }

    private static double Contralateral(MammoExam exam)
    {
        // Where there is one breast the other one is taken to be like it.
        double own = exam.MeanProbability.Values.Last(), other = own;
        if (exam.Difference is { } difference)
        {
            (own, other) = exam.Laterality is null
                ? (Math.Max(exam.LeftProbability.Values.Last(), exam.RightProbability.Values.Last()),
                    Math.Min(exam.LeftProbability.Values.Last(), exam.RightProbability.Values.Last()))
                : (own, own - difference);
        }

        return (own - (other / 2) + 0.5) / 1.5;
    }

    private static NamedTable<double> Mean(IEnumerable<ExamImage> images, ImmutableArray<string> classes)
    {
        var tables = images.Select(image => image.Probability).OfType<NamedTable<double>>().ToArray();
        return tables.Length == 0
            ? NamedTable.None<double>()
            : NamedTable.Of<double>(classes, [.. classes.Select(name => tables.Average(table => table[name]))]);
    }

    private static int? Label(ExamImage[] images, int classes)
    {
        var highest = images.Max(image => image.Label);
        return highest == classes - 1 || Array.TrueForAll(images, image => image.Label is not null) ? highest : null;
    }

    /// <summary>What was noticed about the images, and about them together.</summary>
    private static IEnumerable<string> Warnings(ExamImage[] images)
    {
        var own = images.SelectMany(image => image.Facts.Warning.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        if (Array.Exists(images, image => image.Probability is null))
            own = own.Append(ErrorIds.ImageUnscored);
        if (Array.Exists(images, image => image.Side is null))
            own = own.Append(ErrorIds.LateralityMissing);
        if (images.Where(image => image is { Side: not null, View: not null }).GroupBy(image => image.Place).Any(group => group.Count() > 1))
            own = own.Append(ErrorIds.ViewRepeated);
        if (images.Where(image => image.Side is not null && image.Label is not null).GroupBy(image => image.Side)
            .Any(breast => breast.Select(image => image.Label).Distinct().Count() > 1))
        {
            own = own.Append(ErrorIds.ViewsContradict);
        }

        return own.Distinct(StringComparer.Ordinal);
    }
}
