using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Mammo.Evaluation.Decisions;

/// <summary>
/// Net benefit of recalling everyone whose probability is at or above a threshold, for thresholds from 0.01 to 0.99: true positives a sample, less false
/// positives weighed by the odds of the threshold (Vickers and Elkin, Medical Decision Making 26:565, 2006). Recalling nobody has a net benefit of 0.
/// </summary>
public sealed record DecisionCurve
{
    private DecisionCurve(double prevalence, ImmutableArray<double> netBenefit) => (Prevalence, NetBenefit) = (prevalence, netBenefit);

    /// <summary>Thresholds of the probability: 0.01, 0.02, … 0.99.</summary>
    public static ImmutableArray<double> Thresholds { get; } = [.. Enumerable.Range(1, 99).Select(i => i / 100.0)];

    /// <summary>Share of positives for which the net benefit holds.</summary>
    public double Prevalence { get; }

    /// <summary>Net benefit at each threshold.</summary>
    public ImmutableArray<double> NetBenefit { get; }

    /// <summary>Net benefit of recalling everyone, at each threshold.</summary>
    public ImmutableArray<double> RecallAll => [.. Thresholds.Select(threshold => Prevalence - ((1 - Prevalence) * threshold / (1 - threshold)))];

    /// <summary>The curve of a set whose scores are probabilities.</summary>
    /// <param name="set">The set.</param>
    /// <param name="prevalence">Share of positives, above 0 and below 1; null for that of the set.</param>
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
        var share = prevalence ?? (counts.Positives / (counts.Positives + counts.Negatives));
        var values = new double[Thresholds.Length];
        var index = ranking.Ends.Length;
        for (var k = 0; k < values.Length; k++)
        {
            while (index > 0 && ranking.ScoreAt(ranking.Ends[index - 1] - 1) < Thresholds[k])
                index--;
            var (hits, alarms) = (share * counts.True[index] / counts.Positives, (1 - share) * counts.False[index] / counts.Negatives);
            values[k] = hits - (alarms * Thresholds[k] / (1 - Thresholds[k]));
        }

        return new DecisionCurve(share, ImmutableCollectionsMarshal.AsImmutableArray(values));
    }
}
