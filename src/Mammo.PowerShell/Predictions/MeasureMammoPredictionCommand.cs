using System.Globalization;
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
    private const int EnoughToJudgeOrder = 20;

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
            WriteWarning("No prediction has a known class, so there is nothing to measure. Predict a dataset with classes (Import-MammoDataset).");
            return;
        }

        if (double.IsNaN(measurement.Auc))
            WriteWarning($"The area under the ROC curve is undefined: the images are not of every class ({measurement.ClassCount}). [{ErrorIds.ClassEmpty}]");
        else if (measurement.Auc < 0.35 && measurement.Count >= EnoughToJudgeOrder)
            WriteWarning(string.Create(CultureInfo.CurrentCulture, $"The AUC of {measurement.Auc:0.000} is far below one half: the order of the classes ({string.Join(", ", measurement.ClassCount.Keys)}) is probably reversed in the model or in the dataset. Check -Class of Import-MammoModel and Import-MammoDataset. [{ErrorIds.ClassOrderReversed}]"));
        if (measurement.AucInterval is { StandardError: 0 })
            WriteWarning($"The interval of the AUC has no width because the scores of {measurement.Count} images are all apart or all equal: they are too few to tell how certain it is.");
        if (measurement.Unlabelled > 0)
            WriteVerbose($"{measurement.Unlabelled} predictions without a known class were left out.");
        WriteObject(measurement);
    }
}
