using Mammo.Evaluation.Numerics;

namespace Mammo.Evaluation.Sets;

/// <summary>
/// The samples of a set in descending order of their scores, with the ends of runs of equal scores: the one sort that all rank statistics share.
/// </summary>
internal sealed class Ranking
{
    private readonly double[] _scores;

    /// <summary>Ranks a set: O(n).</summary>
    public Ranking(ScoredSet set)
    {
        _scores = set.ScoreArray;
        var count = set.Count;
        Order = DescendingOrder.Of(_scores);
        var ends = new List<int>();
        for (var i = 0; i < count; i++)
        {
            if (i == count - 1 || _scores[Order[i]] != _scores[Order[i + 1]])
                ends.Add(i + 1);
        }

        Ends = [.. ends];
        Positive = new byte[count];
        Patient = new int[count];
        Weight = set.IsWeighted ? new double[count] : null;
        for (var i = 0; i < count; i++)
        {
            var sample = Order[i];
            Positive[i] = (byte)(set.PositiveArray[sample] ? 1 : 0);
            Patient[i] = set.PatientArray[sample];
            if (Weight is null)
                continue;
            Weight[i] = set.WeightArray![sample];
            Positives += Weight[i] * Positive[i];
            Negatives += Weight[i] * (1 - Positive[i]);
        }

        if (Weight is null)
            (Positives, Negatives) = (set.PositiveCount, count - set.PositiveCount);
        (Highest, Lowest) = count == 0 ? (double.NaN, double.NaN) : (ScoreAt(0), ScoreAt(count - 1));
    }

    /// <summary>Number of the sample at each rank, highest score first.</summary>
    public int[] Order { get; }

    /// <summary>One past the last rank of each distinct score, in descending order of scores.</summary>
    public int[] Ends { get; }

    /// <summary>1 where the sample at a rank is positive, else 0.</summary>
    public byte[] Positive { get; }

    /// <summary>Patient of the sample at each rank.</summary>
    public int[] Patient { get; }

    /// <summary>Weight of the sample at each rank; null for 1 each.</summary>
    public double[]? Weight { get; }

    /// <summary>Weight of the positive samples.</summary>
    public double Positives { get; }

    /// <summary>Weight of the negative samples.</summary>
    public double Negatives { get; }

    /// <summary>Highest score; NaN for no samples.</summary>
    public double Highest { get; }

    /// <summary>Lowest score; NaN for no samples.</summary>
    public double Lowest { get; }

    /// <summary>Score at a rank.</summary>
    public double ScoreAt(int rank) => _scores[Order[rank]];
}
