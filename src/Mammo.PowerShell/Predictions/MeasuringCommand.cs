using System.Collections.Immutable;
using System.Management.Automation;
using Mammo.Evaluation;
using Mammo.Evaluation.Measurement;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Predictions;

/// <summary>What the cmdlets share that measure predictions: which intervals are computed, and which thresholds are applied.</summary>
public abstract class MeasuringCommand : PredictionCommand
{
    private PredictionCollector _collector = null!;

    /// <summary>Replicates of the bootstrap by patient, which gives every statistic an interval and the curves their bands; 0 for none, 2000 are
    /// usual.</summary>
    [Parameter]
    [InRange(0, 1_000_000)]
    public int Bootstrap { get; set; }

    /// <summary>Seed of the bootstrap.</summary>
    [Parameter]
    public long Seed { get; set; }

    /// <summary>Also measure the predictions of each value of these properties: View, or any column of the images' list.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(GroupCompleter))]
    [NotEmpty]
    public string[] GroupBy { get; set; } = [];

    /// <summary>Thresholds from elsewhere that are applied as they are: scores from one on are flagged.</summary>
    [Parameter]
    [NotNull]
    public double[] Threshold { get; set; } = [];

    /// <summary>
    /// The measurement of validation images, whose thresholds (those for a sensitivity or specificity, and Youden's) are applied as they are; or a model with
    /// thresholds in its card.
    /// </summary>
    [Parameter]
    [NotNull]
    public PSObject? ThresholdFrom { get; set; }

    /// <summary>Share of positives where the model will be used, such as 0.006: predictive values and net benefit are stated for it.</summary>
    [Parameter]
    public double? Prevalence { get; set; }

    /// <summary>The predictions that came last.</summary>
    private protected abstract PSObject[] Predictions { get; }

    /// <summary>Replicates where none are asked for.</summary>
    private protected virtual int DefaultBootstrap => 0;

    /// <summary>Further properties whose values are kept, after those of -GroupBy.</summary>
    private protected virtual string[] KeptProperties => [];

    /// <summary>What was gathered.</summary>
    private protected MeasurementBuilder Builder => _collector.Builder;

    /// <summary>What the parameters say, once all predictions are there.</summary>
    private protected MeasurementOptions Options { get; private set; } = new();

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        Options = UnitOptions with
        {
            GroupBy = [.. GroupBy],
            Evaluation = new EvaluationOptions
            {
                Bootstrap = Given(nameof(Bootstrap), Bootstrap, DefaultBootstrap),
                Seed = Seed,
                Prevalence = Prevalence,
                Thresholds = [.. Threshold.Select(value => new FrozenThreshold(FormattableString.Invariant($"threshold {value}"), value))],
            },
        };
        _collector = Collector([.. GroupBy, .. KeptProperties]);
        if (Array.Find(Threshold, value => !double.IsFinite(value)) is var odd && Threshold.Length > 0 && !double.IsFinite(odd))
        {
            Require<object>(() => throw new MammoException(
                ErrorIds.EvaluationOptionInvalid, FormattableString.Invariant($"{odd} is no threshold."), "Give a score, such as 0.35."));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var item in Predictions)
            Attempt(() => _collector.Add(item), item);
    }

    /// <summary>Measures what was gathered, with the warnings; null when no class is known.</summary>
    private protected MammoMeasurement? Measure()
    {
        if (Require(_collector.Finish) is { } finding)
            WriteFinding(finding);
        if (ThresholdFrom is not null)
            Options = Require(WithThresholds);
        if (Require(() => Builder.Measure(Options, StopToken)) is not { } measurement)
        {
            foreach (var noticed in Builder.Findings)
                WriteFinding(noticed);
            WriteFinding(new Finding(ErrorIds.ClassEmpty, "No prediction has a known class, so there is nothing to measure.")
            {
                SuggestedFix = "Predict a dataset with classes (Import-MammoDataset).",
            });
            return null;
        }

        foreach (var warning in measurement.Warnings)
            WriteFinding(warning);
        if (measurement.Unlabelled > 0)
            WriteVerbose($"{measurement.Unlabelled} predictions without a known class were left out.");
        return measurement;
    }

    /// <summary>The measurements of groups, with their warnings.</summary>
    private protected ImmutableArray<MammoMeasurement> MeasureGroups()
    {
        var groups = Require(() => Builder.MeasureGroups(Options, StopToken).ToImmutableArray());
        foreach (var warning in groups.SelectMany(group => group.Warnings).Where(warning => warning.Id != ErrorIds.PatientMissing))
            WriteFinding(warning);
        return groups;
    }

    private MeasurementOptions WithThresholds()
    {
        var (chosen, thresholds) = ThresholdFrom!.BaseObject switch
        {
            MammoMeasurement validation => (validation.Inference, FrozenThresholds.From(validation, Builder.Inference, Options)),
            MammoModel { Card.Decision: { } decision } => (decision.Inference, Of(decision)),
            MammoModel model => throw new MammoException(
                ErrorIds.PromiseImpossible,
                $"'{model.Name}' has no thresholds in its card.",
                "Choose them on validation predictions (New-MammoCalibration).",
                model.Name),
            var other => throw new MammoException(
                ErrorIds.EvaluationOptionInvalid,
                $"'{other}' has no thresholds.",
                "Give what Measure-MammoPrediction writes, or a model with thresholds in its card."),
        };
        if (Builder.Inference.Length == 0 || chosen.Length == 0)
        {
            WriteFinding(new Finding(
                ErrorIds.ThresholdForeign,
                "It is not known how the predictions were made, so it cannot be checked that the thresholds were chosen for the same model."));
        }

        return Options with { Evaluation = Options.Evaluation with { Thresholds = [.. thresholds, .. Options.Evaluation.Thresholds] } };

        ImmutableArray<FrozenThreshold> Of(CardDecision decision)
        {
            FrozenThresholds.Check(
                "The card's thresholds were chosen", decision.Inference, Builder.Inference, (decision.Unit, decision.Aggregate), Options);
            return decision.Thresholds;
        }
    }
}
