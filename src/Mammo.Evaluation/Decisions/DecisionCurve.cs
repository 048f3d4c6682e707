using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Mammo.Evaluation.Sets;

namespace Mammo.Evaluation.Decisions;

/// <summary>
/// Net benefit of recalling everyone whose probability is at or above a threshold: true positives a sample, less false positives weighed by the odds of the
/// threshold (Vickers and Elkin, Medical Decision Making 26:565, 2006). Recalling nobody has a net benefit of 0.
/// </summary>
public sealed record DecisionCurve
{
    private DecisionCurve(double prevalence, double[] thresholds, double[] netBenefit)
    {
        Prevalence = prevalence;
        Thresholds = ImmutableCollectionsMarshal.AsImmutableArray(thresholds);
        NetBenefit = ImmutableCollectionsMarshal.AsImmutableArray(netBenefit);
    }

    /// <summary>Share of positives for which the net benefit holds.</summary>
    public double Prevalence { get; }

    /// <summary>Thresholds of the probability: 99 in equal steps up to 1, or up to ten times a prevalence below 0.1.</summary>
    public ImmutableArray<double> Thresholds { get; }

    /// <summary>Net benefit at each threshold.</summary>
    public ImmutableArray<double> NetBenefit { get; }

    /// <summary>Net benefit of recalling everyone, at each threshold.</summary>
    public ImmutableArray<double> RecallAll => [.. Thresholds.Select(threshold => Prevalence - ((1 - Prevalence) * threshold / (1 - threshold)))];

    /// <summary>The curve of a set whose scores are probabilities.</summary>
    /// <param name="set">The set.</param>
    /// <param name="prevalence">
    /// Share of positives, above 0 and below 1; null for that of the set. With another one the probabilities change by Bayes's rule: their odds are
    /// multiplied by the ratio of the odds of both shares.
    /// </param>
    /// <returns>Null when the set lacks a class or its scores are not probabilities.</returns>
    /// <exception cref="MammoException"><see cref="ErrorIds.EvaluationOptionInvalid"/>: the prevalence is not between 0 and 1.</exception>
    public static DecisionCurve? Of(ScoredSet set, double? prevalence = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (prevalence is { } given)
            EvaluationOptions.CheckPrevalence(given);
        if (set.OneClass is not null || !set.AreProbabilities)
            return null;
        var (counts, ranking) = (set.Counts, set.Ranking);
        var own = counts.Positives / (counts.Positives + counts.Negatives);
        var share = prevalence ?? own;
        var ratio = own * (1 - share) / ((1 - own) * share);
        double[] thresholds = [.. Enumerable.Range(1, 99).Select(i => i / 100.0 * Math.Min(1, 10 * share))];
        var values = new double[thresholds.Length];
        var index = ranking.Ends.Length;
        for (var k = 0; k < values.Length; k++)
        {
            var odds = thresholds[k] / (1 - thresholds[k]);
            // Odds are compared only where they must be, for their rounding would move scores that are equal to a threshold.
            var cut = share == own ? thresholds[k] : odds * ratio / (1 + (odds * ratio));
            while (index > 0 && ranking.ScoreAt(ranking.Ends[index - 1] - 1) < cut)
                index--;
            values[k] = (share * counts.True[index] / counts.Positives) - ((1 - share) * counts.False[index] / counts.Negatives * odds);
        }

        return new DecisionCurve(share, thresholds, values);
    }
}
