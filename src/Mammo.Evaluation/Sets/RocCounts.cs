namespace Mammo.Evaluation.Sets;

/// <summary>
/// Weight of the positives and negatives at or above each distinct score, highest first, after a first pair of zeros. Every statistic of a ROC or
/// precision-recall curve is a function of these two columns; for counts the sums are exact.
/// </summary>
internal sealed class RocCounts
{
    private readonly Ranking _ranking;

    /// <summary>Room for the counts of a set; of no use before <see cref="Fill"/>.</summary>
    public RocCounts(ScoredSet set)
    {
        _ranking = set.Ranking;
        True = new double[_ranking.Ends.Length + 1];
        False = new double[_ranking.Ends.Length + 1];
    }

    /// <summary>Weight of the positives at or above each score.</summary>
    public double[] True { get; }

    /// <summary>Weight of the negatives at or above each score.</summary>
    public double[] False { get; }

    /// <summary>Weight of all positives.</summary>
    public double Positives => True[^1];

    /// <summary>Weight of all negatives.</summary>
    public double Negatives => False[^1];

    /// <summary>Whether all samples with weight have the same score.</summary>
    public bool OneScore
    {
        get
        {
            var first = Math.Min(IndexOfFirst(True), IndexOfFirst(False));
            return True[first] + False[first] >= Positives + Negatives;
        }
    }

    /// <summary>
    /// Whether one class lies wholly on one side of the other, equal scores at the border included: no logistic curve has a largest likelihood then.
    /// </summary>
    public bool Separated => False[IndexOfFirst(True)] >= Negatives || True[IndexOfFirst(False)] >= Positives;

    /// <summary>The counts of a set.</summary>
    public static RocCounts Of(ScoredSet set)
    {
        var counts = new RocCounts(set);
        counts.Fill([]);
        return counts;
    }

    /// <summary>Counts again, each sample as many times as its patient was drawn.</summary>
    /// <param name="draws">How many times each patient was drawn; empty for once each.</param>
    public void Fill(ReadOnlySpan<int> draws)
    {
        if (_ranking.Weight is { } weights)
            FillWeighted(weights, draws);
        else
            FillCounts(draws);
    }

    /// <summary>
    /// Trapezoidal area under the ROC curve: the probability that a positive scores higher than a negative, ties counting one half. NaN when a class has
    /// no weight.
    /// </summary>
    public double Area()
    {
        double area = 0;
        for (var i = 1; i < True.Length; i++)
            area += (False[i] - False[i - 1]) * (True[i - 1] + ((True[i] - True[i - 1]) / 2));
        return Positives > 0 && Negatives > 0 ? area / (Positives * Negatives) : double.NaN;
    }

    /// <summary>Area up to a false positive rate, standardised to 0.5 for chance and 1 for the best (McClish, Medical Decision Making 9:190, 1989).</summary>
    public double PartialArea(double maximum)
    {
        if (!(Positives > 0 && Negatives > 0))
            return double.NaN;
        double area = 0, limit = maximum * Negatives;
        for (var i = 1; i < True.Length && False[i - 1] < limit; i++)
        {
            var width = False[i] - False[i - 1];
            var share = False[i] <= limit ? 1 : (limit - False[i - 1]) / width;
            area += width * share * (True[i - 1] + ((True[i] - True[i - 1]) * share / 2));
        }

        area /= Positives * Negatives;
        var chance = maximum * maximum / 2;
        return (1 + ((area - chance) / (maximum - chance))) / 2;
    }

    /// <summary>
    /// Sum over the distinct scores of the precision times the gain in recall, without interpolation: scikit-learn's <c>average_precision_score</c>.
    /// </summary>
    public double AveragePrecision()
    {
        double sum = 0;
        for (var i = 1; i < True.Length; i++)
        {
            if (True[i] > True[i - 1])
                sum += (True[i] - True[i - 1]) * True[i] / (True[i] + False[i]);
        }

        return Positives > 0 && Negatives > 0 ? sum / Positives : double.NaN;
    }

    /// <summary>Index of the highest score at which the sensitivity reaches a target; always one when there are positives.</summary>
    public int ReachSensitivity(double target)
    {
        var wanted = Reach(target, Positives);
        // Both columns only grow, so the first index is found by halving.
        var (low, high) = (0, True.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (True[middle] >= wanted)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    /// <summary>
    /// Index of the lowest score at which the specificity still reaches a target, with no false positive more than needed: of indices with equal sensitivity
    /// the first.
    /// </summary>
    public int KeepSpecificity(double target)
    {
        var wanted = Reach(target, Negatives);
        var (low, high) = (0, True.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (Negatives - False[middle] >= wanted)
                low = middle;
            else
                high = middle - 1;
        }

        return First(low);
    }

    /// <summary>Index with the largest sum of sensitivity and specificity (Youden, Cancer 3:32, 1950); of equal ones the one with the highest score.</summary>
    public int BestYouden()
    {
        var (best, value) = (0, 0.0);
        for (var i = 1; i < True.Length; i++)
        {
            var candidate = (True[i] * Negatives) - (False[i] * Positives);
            if (candidate > value)
                (best, value) = (i, candidate);
        }

        return best;
    }

    /// <summary>
    /// Sensitivity where the false positive rate is <c>k/(count−1)</c>, k = 0..count−1, on the straight lines between the points of the curve.
    /// </summary>
    public void Sensitivities(Span<double> values)
    {
        var i = 0;
        for (var k = 0; k < values.Length; k++)
        {
            var limit = Negatives * k / (values.Length - 1);
            // The last point at or left of the limit: vertical steps are climbed.
            while (i + 1 < False.Length && False[i + 1] <= limit)
                i++;
            var right = Math.Min(i + 1, False.Length - 1);
            var width = False[right] - False[i];
            var share = width > 0 ? (limit - False[i]) / width : 0;
            values[k] = Positives > 0 && Negatives > 0 ? (True[i] + ((True[right] - True[i]) * share)) / Positives : double.NaN;
        }
    }

    /// <summary>
    /// Precision at the highest score where the recall reaches <c>k/(count−1)</c>, k = 0..count−1; for a recall of 0 that at the highest score of all.
    /// </summary>
    public void Precisions(Span<double> values)
    {
        var i = 1;
        for (var k = 0; k < values.Length; k++)
        {
            var wanted = Reach(k / (values.Length - 1.0), Positives);
            while (i < True.Length - 1 && (True[i] < wanted || True[i] + False[i] <= 0))
                i++;
            values[k] = Positives > 0 && Negatives > 0 ? True[i] / (True[i] + False[i]) : double.NaN;
        }
    }

    // No branch on the class: its order is random, which processors cannot foresee.
    private void FillCounts(ReadOnlySpan<int> draws)
    {
        var (positive, patient, ends) = (_ranking.Positive, _ranking.Patient, _ranking.Ends);
        long above = 0, all = 0;
        var rank = 0;
        for (var score = 0; score < ends.Length; score++)
        {
            for (; rank < ends[score]; rank++)
            {
                var count = draws.IsEmpty ? 1 : draws[patient[rank]];
                above += count * positive[rank];
                all += count;
            }

            True[score + 1] = above;
            False[score + 1] = all - above;
        }
    }

    private void FillWeighted(double[] weights, ReadOnlySpan<int> draws)
    {
        var (positive, patient, ends) = (_ranking.Positive, _ranking.Patient, _ranking.Ends);
        double above = 0, below = 0;
        var rank = 0;
        for (var score = 0; score < ends.Length; score++)
        {
            for (; rank < ends[score]; rank++)
            {
                var weight = draws.IsEmpty ? weights[rank] : weights[rank] * draws[patient[rank]];
                above += weight * positive[rank];
                below += weight * (1 - positive[rank]);
            }

            True[score + 1] = above;
            False[score + 1] = below;
        }
    }

    /// <summary>A share of a weight, lowered by rounding: 0.9 of 10 is reached by 9.</summary>
    private static double Reach(double share, double whole) => share * whole * (1 - 1e-12);

    /// <summary>The first index at which a column is above zero; the last one when it never is.</summary>
    private static int IndexOfFirst(double[] column)
    {
        var index = Array.FindIndex(column, value => value > 0);
        return index < 0 ? column.Length - 1 : index;
    }

    private int First(int index)
    {
        while (index > 0 && True[index - 1] >= True[index])
            index--;
        return index;
    }
}
