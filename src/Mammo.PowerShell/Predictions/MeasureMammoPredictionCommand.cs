using System.Management.Automation;
using Mammo.Evaluation.Measurement;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Predictions;

/// <summary>
/// Measures predictions of images whose class is known: the area under the ROC curve and other statistics with their intervals, by image, breast or patient.
/// </summary>
[Cmdlet(VerbsDiagnostic.Measure, "MammoPrediction")]
[OutputType(typeof(MammoMeasurement))]
public sealed class MeasureMammoPredictionCommand : MeasuringCommand
{
    /// <summary>
    /// Predictions, also as Import-Csv, ConvertFrom-Json, Import-Clixml or a job give them back, or rows of another program with a class and a score.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [NotNull]
    public PSObject[] InputObject { get; set; } = [];

    private protected override PSObject[] Predictions => InputObject;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Measure() is { } measurement)
        {
            WriteObject(measurement);
            WriteObject(MeasureGroups(), enumerateCollection: true);
        }

        base.EndProcessing();
    }
}
