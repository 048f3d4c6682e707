using Mammo.Evaluation.Sets;

namespace Mammo.Evaluation.Comparison;

/// <summary>The scores of two models for the same samples, in one order.</summary>
public sealed record PairedSet
{
    private PairedSet(ScoredSet first, ScoredSet second) => (First, Second) = (first, second);

    /// <summary>Scores of the first model.</summary>
    public ScoredSet First { get; }

    /// <summary>Scores of the second model.</summary>
    public ScoredSet Second { get; }

    /// <summary>Pairs two sets of images by their names, or by their order where neither has names.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.TestSetsDiffer"/>: they are not the same images with the same classes, patients, breasts and weights.
    /// </exception>
    public static PairedSet Of(ScoredSet first, ScoredSet second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Unit != EvaluationUnit.Image || second.Unit != EvaluationUnit.Image)
            throw new ArgumentException("Pair images first, then put them together.");
        if (first.Count != second.Count)
            throw Differ($"one run has {first.Count} images, the other {second.Count}");
        var places = Places(first, second);
        for (var i = 0; i < places.Length; i++)
        {
            if (first.PositiveArray[i] != second.PositiveArray[places[i]])
                throw Differ($"{first.Id(i)} is positive in one run and negative in the other");
            if ((first.WeightArray?[i] ?? 1) != (second.WeightArray?[places[i]] ?? 1))
                throw Differ($"{first.Id(i)} has another weight in the other run");
        }

        Check(first.HasPatients ? first.PatientArray : null, second.HasPatients ? second.PatientArray : null, "patient");
        Check(first.BreastArray, second.BreastArray, "breast");
        return new PairedSet(first, first.WithScores(second, places));

        // Numbers may differ between the runs; which images share one may not. What the second run does not know, as another program's scores, the first says.
        void Check(int[]? numbers, int[]? others, string what)
        {
            if (others is null)
                return;
            if (numbers is null)
                throw Differ($"the {what} of each image is known in the second run only", "Compare the other way round, or leave that column out.");
            var (forth, back) = (new Dictionary<int, int>(), new Dictionary<int, int>());
            for (var i = 0; i < places.Length; i++)
            {
                var (number, other) = (numbers[i], others[places[i]]);
                if (!forth.TryAdd(number, other) && forth[number] != other || !back.TryAdd(other, number) && back[other] != number)
                    throw Differ($"{first.Id(i)} is of another {what} in the other run");
            }
        }
    }

    /// <summary>Both sets put together; see <see cref="ScoredSet.By"/>.</summary>
    public PairedSet By(EvaluationUnit unit, UnitScore score = UnitScore.Mean) => new(First.By(unit, score), Second.By(unit, score));

    private static int[] Places(ScoredSet first, ScoredSet second)
    {
        if (first.HasIds != second.HasIds)
            throw Differ("the images of one run have no names");
        if (!first.HasIds)
            return [.. Enumerable.Range(0, first.Count)];
        var found = new Dictionary<string, int>(second.Count, StringComparer.Ordinal);
        for (var i = 0; i < second.Count; i++)
        {
            if (!found.TryAdd(second.Id(i), i))
                throw Differ($"{second.Id(i)} was scored twice in one run");
        }

        var places = new int[first.Count];
        for (var i = 0; i < places.Length; i++)
        {
            // Removed, so that an image that is twice in the first run is noticed too.
            if (!found.Remove(first.Id(i), out places[i]))
                throw Differ($"{first.Id(i)} was scored once more in one run than in the other");
        }

        return places;
    }

    private static MammoException Differ(string how, string fix = "Score the same dataset with both models.") =>
        new(ErrorIds.TestSetsDiffer, $"The two runs do not belong to the same test set: {how}.", fix);
}
