using Mammo.Evaluation.Numerics;
using Mammo.Evaluation.Sets;

namespace Mammo.Evaluation.Decisions;

/// <summary>One promised predictive value: what the validation set shows for the group that is decided so.</summary>
/// <param name="Promised">Least predictive value that is promised.</param>
/// <param name="Decided">Number of validation samples in the group.</param>
/// <param name="Wrong">How many of them are of the other class.</param>
/// <param name="Bound">Exact lower bound of the predictive value at the promise's level, at least what is promised; null when no group could be found.</param>
/// <param name="Undefined">Why there is no group; null when there is one.</param>
public sealed record RiskBound(double Promised, int Decided, int Wrong, double? Bound, string? Undefined);

/// <summary>
/// Thresholds whose predictive values are promised with a confidence. Groups of the lowest (or highest) scores are tested from small to large with exact
/// binomial tests at the full level, and the last one before the first failure is taken: fixed-sequence testing, which needs no further correction because
/// the sequence is fixed by the number of samples and their scores and not by their classes (Angelopoulos and others, "Learn then Test", Annals of Applied
/// Statistics 19:1641, 2025).
/// </summary>
/// <remarks>The promise holds for samples drawn as the validation set was, above all with the same share of positives.</remarks>
public sealed record RiskControl
{
    // Each group is this much larger than the one before: fine enough to lose little, coarse enough not to stumble over single samples.
    private const double Growth = 1.05;

    // The first group is the smallest that would pass with this part of the tolerated share of errors.
    private const double FirstErrors = 0.5;

    private RiskControl(RiskPromise promise, DecisionRule rule, RiskBound? negative, RiskBound? positive, int count, double prevalence) =>
        (Promise, Rule, Negative, Positive, Count, Prevalence) = (promise, rule, negative, positive, count, prevalence);

    /// <summary>What was promised.</summary>
    public RiskPromise Promise { get; }

    /// <summary>The thresholds.</summary>
    public DecisionRule Rule { get; }

    /// <summary>The group that is decided negative; null when none was asked for.</summary>
    public RiskBound? Negative { get; }

    /// <summary>The group that is decided positive; null when none was asked for.</summary>
    public RiskBound? Positive { get; }

    /// <summary>Number of validation samples.</summary>
    public int Count { get; }

    /// <summary>Share of positives among them, for which the promise holds.</summary>
    public double Prevalence { get; }

    /// <summary>Share of validation samples about which nothing is decided, with Wilson's interval; its complement is what the rule is good for.</summary>
    public Estimate AbstentionShare => Proportion.Of(Count - (Negative?.Decided ?? 0) - (Positive?.Decided ?? 0), Count, weighted: false, Reasons.Empty);

    /// <summary>Chooses the thresholds on validation predictions.</summary>
    /// <param name="set">One sample a patient, without weights.</param>
    /// <param name="promise">What is promised.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.PatientNotIndependent"/>: a patient has several samples. <see cref="ErrorIds.EvaluationOptionInvalid"/>: a promise is
    /// out of range, or samples have weights.
    /// </exception>
    public static RiskControl Of(ScoredSet set, RiskPromise promise)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(promise);
        promise.Check();
        if (set.PatientCount < set.Count)
        {
            throw new MammoException(
                ErrorIds.PatientNotIndependent,
                $"{set.Count} samples are of {set.PatientCount} patients: exact bounds need one sample a patient.",
                "Put images together by patient first (-By Patient).");
        }

        if (set.IsWeighted)
            throw new MammoException(ErrorIds.EvaluationOptionInvalid, "Exact bounds cannot use sample weights.", "Leave the weights out.");
        var negative = promise.NegativePredictiveValue is { } npv ? Find(set, npv, promise.Level, lowest: true, set.Count) : null;
        var positive = promise.PositivePredictiveValue is { } ppv ? Find(set, ppv, promise.Level, lowest: false, set.Count - (negative?.Decided ?? 0)) : null;
        var rule = new DecisionRule(Threshold(set, negative, lowest: true), Threshold(set, positive, lowest: false));
        return new RiskControl(promise, rule, negative, positive, set.Count, set.Count > 0 ? (double)set.PositiveCount / set.Count : 0);
    }

    /// <summary>The largest group of the sequence, of at most <paramref name="room"/> samples, before the first that fails.</summary>
    private static RiskBound Find(ScoredSet set, double promised, double level, bool lowest, int room)
    {
        RiskBound? found = null;
        var first = First(set.Count, 1 - promised, level);
        for (var wanted = (double)first; wanted <= set.Count; wanted = Math.Max(wanted + 1, wanted * Growth))
        {
            var (decided, wrong) = Group(set, (int)wanted, lowest);
            if (BinomialDistribution.AtMost(wrong, decided, 1 - promised) > level)
                break;
            if (decided <= room)
                found = new RiskBound(promised, decided, wrong, 1 - BinomialDistribution.UpperBound(wrong, decided, level), null);
        }

        if (found is not null)
            return found;
        var reason = first > set.Count
            ? FormattableString.Invariant($"{first} samples without an error would be needed, and there are {set.Count}")
            : room < set.Count ? "all that could be decided so is decided otherwise, or has too many errors" : "the first groups have too many errors";
        return new RiskBound(promised, 0, 0, null, reason);
    }

    /// <summary>
    /// Size of the first group: the smallest that passes with half of the tolerated share of errors; in a small set, where that is more than half of the
    /// samples, the smallest that can pass at all.
    /// </summary>
    private static int First(int count, double tolerated, double level)
    {
        var least = (int)Math.Min(int.MaxValue, Math.Ceiling(Math.Log(level) / Math.Log(1 - tolerated)));
        for (var size = least; size <= count / 2; size++)
        {
            if (BinomialDistribution.AtMost((long)(FirstErrors * tolerated * size), size, tolerated) <= level)
                return size;
        }

        return least;
    }

    /// <summary>Size of, and errors in, the smallest group of whole runs of equal scores that has at least so many samples.</summary>
    private static (int Decided, int Wrong) Group(ScoredSet set, int wanted, bool lowest)
    {
        var ends = set.Ranking.Ends;
        // Entry i of the counts belongs to a group of Ends[i−1] highest samples; entry 0 to none.
        var index = Array.BinarySearch(ends, lowest ? set.Count - wanted : wanted);
        index = index >= 0 ? index + 1 : lowest ? ~index : ~index + 1;
        var highest = index == 0 ? 0 : ends[index - 1];
        return lowest
            ? (set.Count - highest, (int)(set.Counts.Positives - set.Counts.True[index]))
            : (highest, (int)set.Counts.False[index]);
    }

    private static double? Threshold(ScoredSet set, RiskBound? bound, bool lowest)
    {
        if (bound is not { Decided: > 0 and var decided })
            return null;
        if (!lowest)
            return set.Ranking.ScoreAt(decided - 1);
        // The lowest score that is not in the group; where all are in it, a little above the highest.
        return decided == set.Count ? Math.BitIncrement(set.Ranking.Highest) : set.Ranking.ScoreAt(set.Count - decided - 1);
    }
}
