using System.Collections.Immutable;
using Mammo.Evaluation.Bootstrap;
using Mammo.Evaluation.Calibration;
using Mammo.Evaluation.Decisions;
using Mammo.Evaluation.Roc;

namespace Mammo.Evaluation.Measurement;

/// <summary>How well scores agree with known classes: every statistic with its intervals, or why it has none.</summary>
public sealed record EvaluationResult
{
    /// <summary>What one sample is.</summary>
    public required EvaluationUnit Unit { get; init; }

    /// <summary>Number of samples.</summary>
    public required int Count { get; init; }

    /// <summary>Samples of the positive class.</summary>
    public required int Positives { get; init; }

    /// <summary>Number of images from which the samples were made.</summary>
    public required int Images { get; init; }

    /// <summary>Number of breasts; null when sides are not known.</summary>
    public required int? Breasts { get; init; }

    /// <summary>Number of patients; null when they are not known.</summary>
    public required int? Patients { get; init; }

    /// <summary>Every statistic.</summary>
    public required EstimateTable<Statistic> Statistics { get; init; }

    /// <summary>Operating points: those chosen on this set, then the frozen ones.</summary>
    public required ImmutableArray<OperatingPoint> OperatingPoints { get; init; }

    /// <summary>Predictive values of each operating point at <see cref="EvaluationOptions.Prevalence"/>; empty without one.</summary>
    public required ImmutableArray<PredictiveValues> PredictiveValues { get; init; }

    /// <summary>The ROC curve; null for no samples.</summary>
    public required RocCurve? Roc { get; init; }

    /// <summary>Band of the sensitivity at false positive rates of 0, 0.01, … 1; null without a bootstrap, or where it is undefined.</summary>
    public CurveBand? RocBand { get; init; }

    /// <summary>Band of the precision at recalls of 0, 0.01, … 1; likewise.</summary>
    public CurveBand? PrecisionRecallBand { get; init; }

    /// <summary>The calibration curve over 10 bins of equal width; null when scores are not probabilities.</summary>
    public required CalibrationCurve? Calibration { get; init; }

    /// <summary>The decision curve; null when a class is missing or scores are not probabilities.</summary>
    public required DecisionCurve? Decision { get; init; }

    /// <summary>The options.</summary>
    public required EvaluationOptions Options { get; init; }

    /// <summary>A statistic by its name.</summary>
    public Estimate this[Statistic statistic] => Statistics[statistic];

    /// <inheritdoc/>
    public override string ToString() => $"AUC {this[Statistic.Auc]}";
}
