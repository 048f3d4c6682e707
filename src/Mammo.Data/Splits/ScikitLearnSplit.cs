using Mammo.Data.Numerics;

namespace Mammo.Data.Splits;

/// <summary>
/// scikit-learn's <c>train_test_split(stratify=labels, test_size=share, random_state=seed)</c>, member for member and in its order: what the original
/// program splits its patients with.
/// </summary>
public static class ScikitLearnSplit
{
    /// <summary>Splits positions 0..n-1 by their labels.</summary>
    /// <param name="labels">One label a member.</param>
    /// <param name="testShare">Share of the second part, above 0 and below 1; its size is rounded up.</param>
    /// <param name="seed">The original's seed is 12345.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.SplitImpossible"/>: a label with one member, or fewer members in a part than labels.</exception>
    public static (int[] Train, int[] Test) Stratified(IReadOnlyList<int> labels, double testShare, uint seed = 12345)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var classes = Enumerable.Range(0, labels.Count).GroupBy(i => labels[i]).OrderBy(group => group.Key).Select(group => group.ToArray()).ToArray();
        var testCount = (int)Math.Ceiling(testShare * labels.Count);
        var trainCount = labels.Count - testCount;
        Check(classes, testShare, trainCount, testCount);

        var random = new NumpyRandom(seed);
        int[] counts = [.. classes.Select(members => members.Length)];
        var trainCounts = Allot(counts, trainCount, random);
        var testCounts = Allot([.. counts.Zip(trainCounts, (all, taken) => all - taken)], testCount, random);
        List<int> train = [], test = [];
        for (var i = 0; i < classes.Length; i++)
        {
            var order = random.Permutation(counts[i]);
            train.AddRange(order.Take(trainCounts[i]).Select(position => classes[i][position]));
            test.AddRange(order.Skip(trainCounts[i]).Take(testCounts[i]).Select(position => classes[i][position]));
        }

        return (Shuffled(train, random), Shuffled(test, random));
    }

    /// <summary>Shares out n draws in proportion to the classes' sizes; what rounding down leaves over goes to the largest remainders, ties by lot.</summary>
    private static int[] Allot(int[] counts, int draws, NumpyRandom random)
    {
        double all = counts.Sum();
        double[] exact = [.. counts.Select(count => count / all * draws)];
        int[] allotted = [.. exact.Select(share => (int)Math.Floor(share))];
        var missing = draws - allotted.Sum();
        double[] remainders = [.. exact.Zip(allotted, (share, whole) => share - whole)];
        foreach (var remainder in remainders.Distinct().OrderDescending())
        {
            if (missing <= 0)
                break;
            int[] tied = [.. Enumerable.Range(0, counts.Length).Where(i => remainders[i] == remainder)];
            foreach (var position in random.Permutation(tied.Length).Take(missing).ToArray())
            {
                allotted[tied[position]]++;
                missing--;
            }
        }

        return allotted;
    }

    private static int[] Shuffled(List<int> members, NumpyRandom random)
    {
        var shuffled = members.ToArray();
        random.Shuffle(shuffled.AsSpan());
        return shuffled;
    }

    private static void Check(int[][] classes, double testShare, int trainCount, int testCount)
    {
        if (testShare is not (> 0 and < 1))
            throw new MammoException(ErrorIds.SplitImpossible, FormattableString.Invariant($"The share {testShare} is not between 0 and 1."));
        if (Array.Exists(classes, members => members.Length < 2))
            throw new MammoException(
                ErrorIds.SplitImpossible, "A stratified split needs at least two patients of each label.", "Add patients, or split without stratifying.");
        if (Math.Min(trainCount, testCount) < classes.Length)
        {
            throw new MammoException(
                ErrorIds.SplitImpossible,
                $"{trainCount} and {testCount} patients cannot each hold all {classes.Length} labels.",
                "Choose a larger share, or split without stratifying.");
        }
    }
}
