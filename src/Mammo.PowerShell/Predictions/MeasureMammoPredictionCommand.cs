using System.Management.Automation;
using Mammo.Evaluation;

namespace Mammo.PowerShell.Predictions;

/// <summary>
/// Measures predictions of images whose class is known: the area under the ROC curve and other statistics with their intervals, by image, breast or patient.
/// </summary>
[Cmdlet(VerbsDiagnostic.Measure, "MammoPrediction")]
[OutputType(typeof(MammoMeasurement))]
public sealed class MeasureMammoPredictionCommand : MeasuringCommand
{
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
