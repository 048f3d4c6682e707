using Mammo.Evaluation;
using Mammo.Evaluation.Calibration;
using Mammo.Evaluation.Decisions;
using Mammo.Evaluation.Measurement;

namespace Mammo.Networks.Models;

/// <summary>Fits what a card keeps of validation predictions: a calibration, and thresholds.</summary>
public static class CardFit
{
    /// <summary>A calibration of images.</summary>
    /// <param name="validation">Validation predictions by the model alone.</param>
    /// <param name="method">Kind of the map.</param>
    /// <param name="allowLeakage">Take patients too on whose images the model was trained.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.CalibrationImpossible"/>: the predictions cannot calibrate; those of <see cref="MeasurementBuilder"/>.
    /// </exception>
    public static CardCalibration Calibration(MeasurementBuilder validation, CalibrationMethod method, bool allowLeakage = false)
    {
        ArgumentNullException.ThrowIfNull(validation);
        var set = validation.ToSet(new MeasurementOptions { AllowLeakage = allowLeakage });
        return new CardCalibration(CalibrationFit.Of(set, method), method, validation.Inference, validation.Fingerprint, set.Count, set.PositiveCount);
    }

    /// <summary>Thresholds that keep promised predictive values.</summary>
    /// <param name="validation">Validation predictions by the model alone.</param>
    /// <param name="options">Unit and how scores become one.</param>
    /// <param name="promise">What is promised.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.PromiseImpossible"/>: no threshold keeps any of it; those of <see cref="RiskControl.Of"/> and <see cref="MeasurementBuilder"/>.
    /// </exception>
    public static CardDecision Promised(MeasurementBuilder validation, MeasurementOptions options, RiskPromise promise)
    {
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(promise);
        var control = RiskControl.Of(validation.ToSet(options), promise);
        if (control.Rule is { Lower: null, Upper: null })
        {
            var reasons = string.Join("; ", new[] { control.Negative?.Undefined, control.Positive?.Undefined }.OfType<string>());
            throw new MammoException(
                ErrorIds.PromiseImpossible,
                $"No threshold keeps what is promised: {reasons}.",
                "Give more validation patients, or promise less.");
        }

        string[] parts =
        [
            .. promise.NegativePredictiveValue is { } npv ? [FormattableString.Invariant($"negative predictive value at least {npv}")] : Array.Empty<string>(),
            .. promise.PositivePredictiveValue is { } ppv ? [FormattableString.Invariant($"positive predictive value at least {ppv}")] : Array.Empty<string>(),
        ];
        var chosenBy = FormattableString.Invariant(
            $"{string.Join(", ", parts)}, confidence {promise.Confidence}, where {control.Prevalence:0.####} are positive");
        return Decision(validation, options, control.Rule, chosenBy, control.Count, control.Prevalence) with
        {
            Negative = control.Negative,
            Positive = control.Positive,
            Confidence = promise.Confidence,
            AbstentionShare = control.AbstentionShare.Value ?? 1,
        };
    }

    /// <summary>One threshold from an operating point of validation predictions: every score is decided.</summary>
    /// <param name="validation">Validation predictions by the model alone.</param>
    /// <param name="options">Unit and how scores become one.</param>
    /// <param name="name">Name of the operating point: <c>Youden</c>, <c>sensitivity 0.90</c>.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.PromiseImpossible"/>: it is undefined; those of <see cref="MeasurementBuilder"/>.</exception>
    public static CardDecision AtPoint(MeasurementBuilder validation, MeasurementOptions options, string name)
    {
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentNullException.ThrowIfNull(options);
        var set = validation.ToSet(options);
        var point = Evaluator.Evaluate(set).OperatingPoints.First(point => point.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (point.Threshold is not { } threshold)
        {
            throw new MammoException(
                ErrorIds.PromiseImpossible, $"There is no threshold for {name}: {point.Undefined}.", "Give validation predictions of both classes.");
        }


        return Decision(validation, options, new DecisionRule(threshold, threshold), point.Name, set.Count, (double)set.PositiveCount / set.Count);
    }

    private static CardDecision Decision(
        MeasurementBuilder validation, MeasurementOptions options, DecisionRule rule, string chosenBy, int count, double prevalence)
    {
        UnitScore? aggregate = options.Unit == EvaluationUnit.Image ? null : options.Aggregate;
        return new CardDecision(rule, chosenBy, options.Unit, aggregate, validation.Inference, validation.Fingerprint, count, prevalence);
    }
}
