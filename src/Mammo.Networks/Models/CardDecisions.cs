using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Mammo.Evaluation;
using Mammo.Evaluation.Calibration;
using Mammo.Evaluation.Decisions;

namespace Mammo.Networks.Models;

/// <summary>How a model's scores become probabilities, as its card keeps it.</summary>
/// <param name="Map">The map from scores.</param>
/// <param name="Method">Its kind.</param>
/// <param name="Inference">How the validation images were scored: the map belongs to scores that are made the same way.</param>
/// <param name="Fingerprint">What the validation images were.</param>
/// <param name="Images">Number of validation images.</param>
/// <param name="Positives">How many of them are positive.</param>
public sealed record CardCalibration(
    ScoreCalibration Map,
    [property: JsonConverter(typeof(JsonStringEnumConverter<CalibrationMethod>))] CalibrationMethod Method,
    string Inference,
    string Fingerprint,
    int Images,
    int Positives)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Method}, fitted on {Images} validation images, {Positives} positive");
}

/// <summary>The thresholds at which a model decides, as its card keeps them, and what they promise.</summary>
/// <param name="Rule">The thresholds.</param>
/// <param name="ChosenBy">How they were chosen.</param>
/// <param name="Unit">What they are for: the scores of images, breasts or patients.</param>
/// <param name="Aggregate">How the scores of a breast's or patient's images become one; null for images.</param>
/// <param name="Inference">How the validation images were scored: the thresholds belong to scores that are made the same way.</param>
/// <param name="Fingerprint">What the validation images were.</param>
/// <param name="Count">Number of validation samples; 0 where a person stated the threshold.</param>
/// <param name="Prevalence">Share of positives among them, for which promised predictive values hold.</param>
public sealed record CardDecision(
    DecisionRule Rule,
    string ChosenBy,
    [property: JsonConverter(typeof(JsonStringEnumConverter<EvaluationUnit>))] EvaluationUnit Unit,
    [property: JsonConverter(typeof(JsonStringEnumConverter<UnitScore>))] UnitScore? Aggregate,
    string Inference,
    string Fingerprint,
    int Count,
    double Prevalence)
{
    /// <summary>A threshold for images that a person states: every score is decided, and nothing is promised or known of the validation images.</summary>
    /// <param name="threshold">Score from which on the last class is predicted, 0..1.</param>
    /// <param name="chosenBy">How it was chosen, and on which images.</param>
    public static CardDecision Stated(double threshold, string chosenBy) =>
        new(new DecisionRule(threshold, threshold), chosenBy, EvaluationUnit.Image, null, "", "", 0, 0);

    /// <summary>What is promised of those decided negative; null when nothing is.</summary>
    public RiskBound? Negative { get; init; }

    /// <summary>What is promised of those decided positive; null when nothing is.</summary>
    public RiskBound? Positive { get; init; }

    /// <summary>Probability that the promises are kept; null when nothing is promised.</summary>
    public double? Confidence { get; init; }

    /// <summary>Share of the validation samples about which nothing is decided.</summary>
    public double AbstentionShare { get; init; }

    /// <summary>The thresholds under names, to be measured on other images.</summary>
    [JsonIgnore]
    public ImmutableArray<FrozenThreshold> Thresholds =>
    [
        .. new[] { ("card: negative below", Rule.Lower), ("card: positive from", Rule.Upper) }
            .Where(item => item.Item2 is not null).Select(item => new FrozenThreshold(item.Item1, item.Item2!.Value)),
    ];

    /// <inheritdoc/>
    public override string ToString()
    {
        if (Count == 0)
            return string.Create(CultureInfo.InvariantCulture, $"positive from {Rule.Upper:0.0000}, chosen by {ChosenBy}");
        var lower = Rule.Lower is { } low ? string.Create(CultureInfo.InvariantCulture, $"negative below {low:0.0000}") : "never negative";
        var upper = Rule.Upper is { } high ? string.Create(CultureInfo.InvariantCulture, $"positive from {high:0.0000}") : "never positive";
        return string.Create(
            CultureInfo.InvariantCulture, $"{lower}, {upper}, no decision about {100 * AbstentionShare:0.0}% of {Count} validation {Samples}; {ChosenBy}");
    }

    private string Samples => Unit == EvaluationUnit.Image ? "images" : Unit == EvaluationUnit.Breast ? "breasts" : "patients";
}
