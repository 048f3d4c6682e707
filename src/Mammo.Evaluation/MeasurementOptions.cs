using System.Collections.Immutable;

namespace Mammo.Evaluation;

/// <summary>How predictions are measured.</summary>
public sealed record MeasurementOptions
{
    /// <summary>What one sample is.</summary>
    public EvaluationUnit Unit { get; init; }

    /// <summary>How the scores of a breast's or patient's images become one.</summary>
    public UnitScore Aggregate { get; init; }

    /// <summary>Bootstrap, thresholds and prevalence.</summary>
    public EvaluationOptions Evaluation { get; init; } = new();

    /// <summary>Names of the properties by which is grouped, in the order of <see cref="ImageFacts.Groups"/>.</summary>
    public ImmutableArray<string> GroupBy { get; init; } = [];

    /// <summary>Measure predictions of patients too on whose images the model was trained.</summary>
    public bool AllowLeakage { get; init; }
}
