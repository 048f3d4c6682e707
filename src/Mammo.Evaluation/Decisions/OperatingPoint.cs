using System.Collections.Immutable;
using Mammo.Evaluation.Numerics;
using Mammo.Evaluation.Sets;

namespace Mammo.Evaluation.Decisions;

/// <summary>
/// What comes of flagging every sample whose score is at or above a threshold. Shares have Wilson's interval, which takes the samples as independent and
/// the threshold as given.
/// </summary>
public sealed record OperatingPoint
{
    private const string Youden = "Youden";

    private static readonly double[] Targets = [0.8, 0.9, 0.95];

    private readonly bool _weighted;

    private OperatingPoint(string name, bool weighted) => (Name, _weighted) = (name, weighted);

    /// <summary>Names of the points that every set has, in the order of <see cref="Standard"/>.</summary>
    public static ImmutableArray<string> StandardNames { get; } =
        [.. Targets.Select(SensitivityName), .. Targets.Select(SpecificityName), Youden];

    /// <summary>How the threshold was chosen: <c>sensitivity 0.90</c>, <c>specificity 0.90</c>, <c>Youden</c>, or the name of a frozen one.</summary>
    public string Name { get; }

    /// <summary>The threshold; a little above the highest score where nothing may be flagged. Null when it is undefined.</summary>
    public double? Threshold { get; private init; }

    /// <summary>Why there is no threshold; null when there is one.</summary>
    public string? Undefined { get; private init; }

    /// <summary>Weight of the positives that are flagged.</summary>
    public double TruePositives { get; private init; }

    /// <summary>Weight of the negatives that are flagged.</summary>
    public double FalsePositives { get; private init; }

    /// <summary>Weight of the negatives that are not flagged.</summary>
    public double TrueNegatives { get; private init; }

    /// <summary>Weight of the positives that are not flagged.</summary>
    public double FalseNegatives { get; private init; }

    /// <summary>Share of the positives that are flagged.</summary>
    public Estimate Sensitivity => Share(TruePositives, FalseNegatives, Reasons.NoPositives);

    /// <summary>Share of the negatives that are not flagged.</summary>
    public Estimate Specificity => Share(TrueNegatives, FalsePositives, Reasons.NoNegatives);

    /// <summary>Share of the flagged that are positive, at the prevalence of the set.</summary>
    public Estimate PositivePredictiveValue => Share(TruePositives, FalsePositives, Reasons.NothingFlagged);

    /// <summary>Share of those not flagged that are negative, at the prevalence of the set.</summary>
    public Estimate NegativePredictiveValue => Share(TrueNegatives, FalseNegatives, Reasons.NothingCleared);

    /// <summary>Share that is flagged.</summary>
    public Estimate FlaggedShare => Share(TruePositives + FalsePositives, TrueNegatives + FalseNegatives, Reasons.Empty);

    /// <summary>The points that every set has: for sensitivities and specificities of 0.8, 0.9 and 0.95, and Youden's.</summary>
    public static ImmutableArray<OperatingPoint> Standard(ScoredSet set) =>
        [.. Targets.Select(target => AtSensitivity(set, target)), .. Targets.Select(target => AtSpecificity(set, target)), AtYouden(set)];

    /// <summary>A set at a threshold that was chosen elsewhere, on validation.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.EvaluationOptionInvalid"/>: the threshold is NaN or infinite.</exception>
    public static OperatingPoint At(ScoredSet set, double threshold, string name)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!double.IsFinite(threshold))
            throw new MammoException(ErrorIds.EvaluationOptionInvalid, $"The threshold '{name}' is {threshold}.", "Give a finite threshold.", name);
        var (low, high) = (0, set.Ranking.Ends.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (set.Ranking.ScoreAt(set.Ranking.Ends[middle] - 1) >= threshold)
                low = middle + 1;
            else
                high = middle;
        }

        return Of(set, low, name) with { Threshold = threshold };
    }

    /// <summary>The highest threshold whose sensitivity is at least <paramref name="target"/>.</summary>
    public static OperatingPoint AtSensitivity(ScoredSet set, double target) =>
        Chosen(set, SensitivityName(Checked(target)), counts => counts.ReachSensitivity(target));

    /// <summary>The threshold of the highest sensitivity whose specificity is at least <paramref name="target"/>.</summary>
    public static OperatingPoint AtSpecificity(ScoredSet set, double target) =>
        Chosen(set, SpecificityName(Checked(target)), counts => counts.KeepSpecificity(target));

    /// <summary>The threshold with the largest sum of sensitivity and specificity (Youden, Cancer 3:32, 1950); of equal ones the highest.</summary>
    public static OperatingPoint AtYouden(ScoredSet set) => Chosen(set, Youden, counts => counts.BestYouden());

    private static string SensitivityName(double target) => FormattableString.Invariant($"sensitivity {target:0.00}");

    private static string SpecificityName(double target) => FormattableString.Invariant($"specificity {target:0.00}");

    private static double Checked(double target) => target is > 0 and <= 1
        ? target
        : throw new MammoException(ErrorIds.EvaluationOptionInvalid, $"A target of {target} is not above 0 and at most 1.", "Give a share, such as 0.9.");

    private static OperatingPoint Chosen(ScoredSet set, string name, Func<RocCounts, int> index)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (set.OneClass is { } reason)
            return new OperatingPoint(name, set.IsWeighted) { Undefined = reason };
        var chosen = index(set.Counts);
        var threshold = chosen == 0 ? Math.BitIncrement(set.Ranking.Highest) : set.Ranking.ScoreAt(set.Ranking.Ends[chosen - 1] - 1);
        return Of(set, chosen, name) with { Threshold = threshold };
    }

    private static OperatingPoint Of(ScoredSet set, int index, string name)
    {
        var counts = set.Counts;
        return new OperatingPoint(name, set.IsWeighted)
        {
            TruePositives = counts.True[index],
            FalsePositives = counts.False[index],
            TrueNegatives = counts.Negatives - counts.False[index],
            FalseNegatives = counts.Positives - counts.True[index],
        };
    }

    private Estimate Share(double part, double rest, string nothing) =>
        Undefined is { } reason ? Estimate.None(reason) : Proportion.Of(part, part + rest, _weighted, nothing);
}
