using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Mammo.Evaluation.Sets;

namespace Mammo.Evaluation.Roc;

/// <summary>
/// Receiver operating characteristic: what is flagged when every score at or above a threshold is, for each threshold. Precision and recall are functions
/// of the same points.
/// </summary>
public sealed class RocCurve
{
    private RocCurve(double[] thresholds, double[] truePositives, double[] falsePositives)
    {
        Thresholds = ImmutableCollectionsMarshal.AsImmutableArray(thresholds);
        TruePositives = ImmutableCollectionsMarshal.AsImmutableArray(truePositives);
        FalsePositives = ImmutableCollectionsMarshal.AsImmutableArray(falsePositives);
    }

    /// <summary>Thresholds in descending order: +∞, at which nothing is flagged, and each distinct score.</summary>
    public ImmutableArray<double> Thresholds { get; }

    /// <summary>Weight of the positive samples at or above each threshold.</summary>
    public ImmutableArray<double> TruePositives { get; }

    /// <summary>Weight of the negative samples at or above each threshold.</summary>
    public ImmutableArray<double> FalsePositives { get; }

    /// <summary>Weight of all positive samples.</summary>
    public double Positives => TruePositives[^1];

    /// <summary>Weight of all negative samples.</summary>
    public double Negatives => FalsePositives[^1];

    /// <summary>Number of points.</summary>
    public int Count => Thresholds.Length;

    /// <summary>The curve of a set.</summary>
    public static RocCurve Of(ScoredSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var (ranking, counts) = (set.Ranking, set.Counts);
        var thresholds = new double[ranking.Ends.Length + 1];
        thresholds[0] = double.PositiveInfinity;
        for (var i = 0; i < ranking.Ends.Length; i++)
            thresholds[i + 1] = ranking.ScoreAt(ranking.Ends[i] - 1);
        return new RocCurve(thresholds, counts.True, counts.False);
    }

    /// <summary>Share of the positives that are flagged at a point: sensitivity, recall. NaN without positives.</summary>
    public double TruePositiveRate(int point) => TruePositives[point] / Positives;

    /// <summary>Share of the negatives that are flagged at a point: 1 − specificity. NaN without negatives.</summary>
    public double FalsePositiveRate(int point) => FalsePositives[point] / Negatives;

    /// <summary>Share of the flagged that are positive at a point; 1 where nothing is flagged, as scikit-learn has it.</summary>
    public double Precision(int point)
    {
        var flagged = TruePositives[point] + FalsePositives[point];
        return flagged > 0 ? TruePositives[point] / flagged : 1;
    }

    /// <summary>The curve without the points that lie on straight lines between others, for drawing.</summary>
    public RocCurve WithoutIntermediate()
    {
        var keep = new List<int>();
        for (var i = 0; i < Count; i++)
        {
            // The point before is on the line from the one that was kept before it to this one.
            while (keep.Count > 1 && Collinear(keep[^2], keep[^1], i))
                keep.RemoveAt(keep.Count - 1);
            keep.Add(i);
        }

        return new RocCurve([.. keep.Select(i => Thresholds[i])], [.. keep.Select(i => TruePositives[i])], [.. keep.Select(i => FalsePositives[i])]);
    }

    private bool Collinear(int first, int second, int third) =>
        (TruePositives[second] - TruePositives[first]) * (FalsePositives[third] - FalsePositives[second])
        == (TruePositives[third] - TruePositives[second]) * (FalsePositives[second] - FalsePositives[first]);
}
