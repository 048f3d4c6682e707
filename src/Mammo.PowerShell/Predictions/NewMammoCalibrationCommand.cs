using System.Management.Automation;
using Mammo.Evaluation;
using Mammo.Evaluation.Calibration;
using Mammo.Evaluation.Decisions;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Predictions;

/// <summary>
/// Fits on validation predictions what makes scores of a model probabilities, and thresholds at which it decides; gives the model with both in its card.
/// </summary>
[Cmdlet(VerbsCommon.New, "MammoCalibration")]
[OutputType(typeof(MammoModel))]
public sealed class NewMammoCalibrationCommand : PredictionCommand
{
    private PredictionCollector _collector = null!;

    /// <summary>The model that made the predictions, alone.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ShippedModelCompleter))]
    [NotNull]
    public MammoModel Model { get; set; } = null!;

    /// <summary>Predictions of validation images, on which the model was not trained.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [NotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>
    /// Platt (a logistic curve, for few images), Beta (three numbers) or Isotonic (steps, for many images). Platt unless thresholds alone are asked for.
    /// </summary>
    [Parameter]
    public CalibrationMethod? Method { get; set; }

    /// <summary>Least negative predictive value that is promised below the lower threshold, such as 0.99.</summary>
    [Parameter]
    public double? NegativePredictiveValue { get; set; }

    /// <summary>Least positive predictive value that is promised from the upper threshold on, such as 0.3.</summary>
    [Parameter]
    public double? PositivePredictiveValue { get; set; }

    /// <summary>Probability that all promises are kept, over the draw of the validation patients.</summary>
    [Parameter]
    public double Confidence { get; set; } = 0.9;

    /// <summary>One threshold without a promise, at which every score is decided: Youden, or one for a sensitivity or specificity.</summary>
    [Parameter]
    [OperatingPointName]
    [ArgumentCompleter(typeof(OperatingPointCompleter))]
    public string? OperatingPoint { get; set; }

    private bool HasPromise => NegativePredictiveValue is not null || PositivePredictiveValue is not null;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _collector = Collector();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var item in InputObject)
            Attempt(() => _collector.Add(item), item);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Require(_collector.Finish) is { } finding)
            WriteFinding(finding);
        foreach (var noticed in _collector.Builder.Findings)
            WriteFinding(noticed);
        var card = Require(Fitted, Model);
        if (card.Decision is { Negative.Undefined: { } negative })
            WriteFinding(new Finding(ErrorIds.PromiseImpossible, $"Nobody is decided negative: {negative}."));
        if (card.Decision is { Positive.Undefined: { } positive })
            WriteFinding(new Finding(ErrorIds.PromiseImpossible, $"Nobody is decided positive: {positive}."));
        WriteObject(Model.WithCard(card));
        base.EndProcessing();
    }

    private ModelCard Fitted()
    {
        var builder = _collector.Builder;
        CheckModel(builder.Inference);
        if (HasPromise && OperatingPoint is not null)
        {
            throw new MammoException(
                ErrorIds.EvaluationOptionInvalid,
                "-OperatingPoint is a threshold without a promise, and excludes promised predictive values.",
                "Give one of them.");
        }

        var method = Method ?? (HasPromise || OperatingPoint is not null ? null : CalibrationMethod.Platt);
        var promise = new RiskPromise
        {
            NegativePredictiveValue = NegativePredictiveValue,
            PositivePredictiveValue = PositivePredictiveValue,
            Confidence = Confidence,
        };
        return Model.Card with
        {
            Calibration = method is { } kind ? CardFit.Calibration(builder, kind, AllowLeakage) : Model.Card.Calibration,
            Decision = HasPromise ? CardFit.Promised(builder, UnitOptions, promise)
                : OperatingPoint is not null ? CardFit.AtPoint(builder, UnitOptions, OperatingPoint)
                : Model.Card.Decision,
        };
    }

    private void CheckModel(string inference)
    {
        var (options, hash) = (InferenceOptions.Read(inference), WeightHash.Of(Model)[..InferenceOptions.HashDigits]);
        if (inference.Contains(" | ", StringComparison.Ordinal))
            throw Foreign("The predictions were made in several ways.");
        if (Model.Classes.Length != 2)
        {
            throw new MammoException(
                ErrorIds.CalibrationImpossible,
                $"'{Model.Name}' has {Model.Classes.Length} classes; calibration and decisions are of two.",
                "Give a model of two classes.");
        }

        if (!options.TryGetValue(InferenceOptions.Weights, out var weights))
        {
            WriteFinding(new Finding(
                ErrorIds.ThresholdForeign,
                $"It is not known how the predictions were made, so it cannot be checked that they are of '{Model.Name}'."));
        }
        else if (weights != hash)
        {
            var maker = options.GetValueOrDefault(InferenceOptions.Model);
            throw Foreign($"The predictions were made by {maker} (weights {weights}), not by '{Model.Name}' ({hash}) alone.");
        }

        if (Method is not null && options.ContainsKey("calibrate"))
            throw Foreign("The predictions are calibrated already.");

        static MammoException Foreign(string what) =>
            new(ErrorIds.ThresholdForeign, what, "Score validation images by this model alone, and without -Calibrate for a new calibration.");
    }
}
