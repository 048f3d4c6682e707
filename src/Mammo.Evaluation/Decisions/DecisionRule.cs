using System.Text.Json.Serialization;

namespace Mammo.Evaluation.Decisions;

/// <summary>What is decided about a score.</summary>
public enum Decision
{
    /// <summary>Nothing: no promise could be kept for such scores.</summary>
    None,

    /// <summary>Negative.</summary>
    Negative,

    /// <summary>Positive.</summary>
    Positive,
}

/// <summary>
/// Two thresholds that were chosen on validation: below the lower one a score is decided negative, from the upper one on positive, between them nothing is
/// decided.
/// </summary>
/// <param name="Lower">Lower threshold; null when nothing is decided negative.</param>
/// <param name="Upper">Upper threshold, not below the lower one; null when nothing is decided positive.</param>
public sealed record DecisionRule(double? Lower, double? Upper)
{
    /// <summary>What makes the rule unusable, for rules that were read from a file; null when it is fit for use.</summary>
    [JsonIgnore]
    public string? Complaint => !double.IsFinite(Lower ?? 0) || !double.IsFinite(Upper ?? 0) ? "a threshold is not a finite number"
        : Lower > Upper ? "its lower threshold is above the upper one"
        : null;

    /// <summary>The decision about a score; none about NaN.</summary>
    public Decision Decide(double score) => score < Lower ? Decision.Negative : score >= Upper ? Decision.Positive : Decision.None;
}
