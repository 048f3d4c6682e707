using System.Management.Automation;
using Mammo.Evaluation;
using Mammo.PowerShell.Common;
using Mammo.Scoring;

namespace Mammo.PowerShell.Predictions;

/// <summary>Measures predictions of images whose class is known: number, area under the ROC curve, accuracy.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "MammoPrediction")]
[OutputType(typeof(MammoMeasurement))]
public sealed class MeasureMammoPredictionCommand : MammoCmdlet
{
    private readonly MeasurementBuilder _builder = new();

    /// <summary>Predictions, from the pipeline.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public MammoPrediction[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var prediction in InputObject)
            Attempt(() => _builder.Add(prediction.Probability, prediction.Label, prediction.SampleWeight), prediction);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_builder.Measure() is not { } measurement)
        {
            WriteFinding(new Finding(ErrorIds.ClassEmpty, "No prediction has a known class, so there is nothing to measure.")
            {
                SuggestedFix = "Predict a dataset with classes (Import-MammoDataset).",
            });
            return;
        }

        foreach (var warning in measurement.Warnings)
            WriteFinding(warning);
        if (measurement.Unlabelled > 0)
            WriteVerbose($"{measurement.Unlabelled} predictions without a known class were left out.");
        WriteObject(measurement);
    }
}
