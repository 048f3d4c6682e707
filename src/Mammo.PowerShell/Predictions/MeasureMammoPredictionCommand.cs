using System.Collections;
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
    private PredictionRows _rows = null!;
    private Dictionary<string, string> _columns = null!;

    /// <summary>
    /// Predictions, also as Import-Csv, ConvertFrom-Json, Import-Clixml or a job give them back, or rows of another program with a class and a score.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [NotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>
    /// Names of the records' columns where they differ: @{ path = 'file'; label = 'truth'; score = 'p' }; class, probability and sample_weight may be named
    /// too.
    /// </summary>
    [Parameter]
    [NotNull]
    public Hashtable? Column { get; set; }

    /// <summary>
    /// Which class of the records belongs to which of the scores, where the names differ: @{ MALIGNANT = 'pos'; BENIGN = 'neg' }; '' for one that is left
    /// out.
    /// </summary>
    [Parameter]
    [NotNull]
    public Hashtable? ClassMap { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _rows = new PredictionRows(_builder, ClassMaps.Of(ClassMap));
        _columns = ClassMaps.Of(Column) ?? [];
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var item in InputObject)
        {
            Attempt(
                () =>
                {
                    if (item.BaseObject is MammoPrediction prediction && ClassMap is null)
                        _builder.Add(prediction.Probability, prediction.Label, prediction.SampleWeight, prediction.Label is null ? prediction.TrueClass : null);
                    else
                        _rows.Add(PredictionRow.Of(item, _columns));
                },
                item);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Require(_rows.Finish) is { } finding)
            WriteFinding(finding);
        if (Require(_builder.Measure) is not { } measurement)
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
