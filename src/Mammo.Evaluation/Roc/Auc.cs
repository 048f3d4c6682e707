using Mammo.Evaluation.Sets;

namespace Mammo.Evaluation.Roc;

/// <summary>Area under the ROC curve.</summary>
public static class Auc
{
    /// <summary>
    /// Probability that a positive scores higher than a negative, ties counting one half: the trapezoidal area that scikit-learn's <c>roc_auc_score</c> gives
    /// (Hanley and McNeil, Radiology 143:29, 1982).
    /// </summary>
    /// <param name="scores">One score per sample, higher meaning more positive.</param>
    /// <param name="positives">Whether each sample is positive.</param>
    /// <param name="weights">Sample weights ≥ 0; empty for 1 each.</param>
    /// <returns>0..1; NaN when one of the two kinds has no weight, or a score is NaN.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positives, ReadOnlySpan<double> weights = default)
    {
        if (scores.Length != positives.Length || (!weights.IsEmpty && weights.Length != scores.Length))
            throw new ArgumentException($"{scores.Length} scores, {positives.Length} labels and {weights.Length} weights do not belong together.");
        foreach (var score in scores)
        {
            if (double.IsNaN(score))
                return double.NaN;
        }

        return ScoredSet.Unchecked(scores.ToArray(), positives.ToArray(), weights.IsEmpty ? null : weights.ToArray()).Counts.Area();
    }

    /// <summary>One-vs-rest area of each class.</summary>
    /// <param name="scores">Samples × classes, row by row.</param>
    /// <param name="labels">Index of each sample's true class.</param>
    /// <param name="classCount">Number of classes.</param>
    /// <param name="weights">Sample weights; empty for 1 each.</param>
    /// <returns>One value per class; NaN where a class has no samples or all of them.</returns>
    public static double[] PerClass(ReadOnlySpan<double> scores, ReadOnlySpan<int> labels, int classCount, ReadOnlySpan<double> weights = default)
    {
        if (scores.Length != labels.Length * classCount)
            throw new ArgumentException($"{scores.Length} scores are not {labels.Length} samples of {classCount} classes.", nameof(scores));
        var areas = new double[classCount];
        var column = new double[labels.Length];
        var positives = new bool[labels.Length];
        for (var label = 0; label < classCount; label++)
        {
            for (var sample = 0; sample < labels.Length; sample++)
                (column[sample], positives[sample]) = (scores[(sample * classCount) + label], labels[sample] == label);
            areas[label] = Of(column, positives, weights);
        }

        return areas;
    }
}
