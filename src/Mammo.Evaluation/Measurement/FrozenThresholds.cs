using System.Collections.Immutable;

namespace Mammo.Evaluation.Measurement;

/// <summary>Thresholds that a measurement of validation images chose, for other images scored the same way.</summary>
public static class FrozenThresholds
{
    /// <summary>The operating points that were chosen there.</summary>
    /// <param name="validation">The measurement of validation images.</param>
    /// <param name="inference">How the images that are measured now were scored; empty when unknown.</param>
    /// <param name="options">Their unit.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ThresholdForeign"/>: it is of another model, of other options or of another unit, or has no thresholds.
    /// </exception>
    public static ImmutableArray<FrozenThreshold> From(MammoMeasurement validation, string inference, MeasurementOptions options)
    {
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentNullException.ThrowIfNull(inference);
        ArgumentNullException.ThrowIfNull(options);
        Check("The thresholds were chosen", validation.Inference, inference, (validation.Unit, validation.Aggregate), options);
        ImmutableArray<FrozenThreshold> thresholds =
        [
            .. validation.Evaluation.OperatingPoints.Where(point => point.Threshold is not null)
                .Select(point => new FrozenThreshold($"validation: {point.Name}", point.Threshold!.Value)),
        ];
        return thresholds.IsEmpty
            ? throw Foreign(
                $"The measurement has no thresholds: {validation.Evaluation[Statistic.Auc].Undefined ?? "none is defined"}.",
                "Measure validation images of both classes.")
            : thresholds;
    }

    /// <summary>Throws where scores are made in another way than those for which something was chosen.</summary>
    public static void CheckSame(string what, string chosen, string applied)
    {
        ArgumentNullException.ThrowIfNull(chosen);
        ArgumentNullException.ThrowIfNull(applied);
        if (chosen.Length == 0 || applied.Length == 0 || InferenceOptions.Meaningful(chosen, applied).ToArray() is not { Length: > 0 } differences)
            return;
        throw Foreign(
            $"{what} for scores that were made in another way ({string.Join("; ", differences.Select(difference => difference.ToString()))}).",
            "Choose them on validation images that the same model scored with the same options.");
    }

    /// <summary>Throws where something that was chosen for scores of one kind is applied to scores of another.</summary>
    /// <param name="what">What was chosen: <c>The thresholds were chosen</c>.</param>
    /// <param name="chosen">How the scores were made for which it was chosen; empty when unknown.</param>
    /// <param name="applied">How the scores were made to which it is applied; empty when unknown.</param>
    /// <param name="unit">For which unit it was chosen.</param>
    /// <param name="options">To which unit it is applied.</param>
    public static void Check(string what, string chosen, string applied, (EvaluationUnit Unit, UnitScore? Aggregate) unit, MeasurementOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        CheckSame(what, chosen, applied);
        UnitScore? aggregate = options.Unit == EvaluationUnit.Image ? null : options.Aggregate;
        if (unit != (options.Unit, aggregate))
        {
            throw Foreign(
                $"{what} for the scores of {Name(unit.Unit, unit.Aggregate)}, not of {Name(options.Unit, aggregate)}.",
                "Measure both with the same -By and -Aggregate.");
        }

        static string Name(EvaluationUnit unit, UnitScore? aggregate) =>
            unit == EvaluationUnit.Image ? "images" : $"{(unit == EvaluationUnit.Breast ? "breasts" : "patients")} ({aggregate})";
    }

    private static MammoException Foreign(string what, string fix) => new(ErrorIds.ThresholdForeign, what, fix);
}
