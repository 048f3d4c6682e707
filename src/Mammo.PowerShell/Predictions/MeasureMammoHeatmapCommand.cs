using System.Management.Automation;
using Mammo.Data.Datasets;
using Mammo.Evaluation;
using Mammo.PowerShell.Common;
using Mammo.Scoring.Heatmaps;
using Mammo.Scoring.Localisation;

namespace Mammo.PowerShell.Predictions;

/// <summary>
/// Measures how well the peaks of heatmaps agree with annotated lesions: pointing game, FROC, JAFROC figure of merit, with intervals by patient. Research use
/// only.
/// </summary>
[Cmdlet(VerbsDiagnostic.Measure, "MammoHeatmap")]
[OutputType(typeof(MammoLocalisation))]
public sealed class MeasureMammoHeatmapCommand : MammoCmdlet
{
    private LocalisationBuilder _builder = null!;

    /// <summary>Heatmaps of Get-MammoHeatmap, one for each image, of one model.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [NotNull]
    public MammoHeatmap[] InputObject { get; set; } = [];

    /// <summary>The images with their ROIs: the dataset of which the heatmaps were made, or one that contains it.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [DatasetTransformation]
    [NotNull]
    public MammoDataset? Dataset { get; set; }

    /// <summary>Classes whose values are added up at each position; all but the first, the background or negative one, unless set.</summary>
    [Parameter]
    [NotEmpty]
    [PSDefaultValue(Help = "all but the first")]
    public string[] Class { get; set; } = [];

    /// <summary>Which lesions are to be found: All, or Malignant, where a mark on another lesion counts as false.</summary>
    [Parameter]
    public LesionKind Lesion { get; set; }

    /// <summary>Pixels of the stored image by which a mark may miss a lesion's nearest pixel and still hits it.</summary>
    [Parameter]
    [InRange(0.0, 10000.0)]
    public double Tolerance { get; set; }

    /// <summary>Replicates of the bootstrap by patient, which gives every statistic an interval and the curve its band; 0 for none, 2000 are usual.</summary>
    [Parameter]
    [InRange(0, 1_000_000)]
    public int Bootstrap { get; set; }

    /// <summary>Seed of the bootstrap.</summary>
    [Parameter]
    public long Seed { get; set; }

    /// <summary>Also measure the images of each value of these properties: View, or any column of the dataset's list.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(GroupCompleter))]
    [NotEmpty]
    public string[] GroupBy { get; set; } = [];

    /// <summary>Measure patients too on whose images the model was trained.</summary>
    [Parameter]
    public SwitchParameter AllowLeakage { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _builder = Require(() => new LocalisationBuilder(Dataset!, new LocalisationOptions
    {
        Classes = [.. Class],
        Lesion = Lesion,
        Tolerance = Tolerance,
        AllowLeakage = AllowLeakage,
        Evaluation = new EvaluationOptions { Bootstrap = Bootstrap, Seed = Seed },
    }));

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var heatmap in InputObject)
            Attempt(() => _builder.Add(heatmap), heatmap);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var measured = Require(() => _builder.Measure(StopToken));
        foreach (var finding in measured?.Warnings ?? _builder.LeftOut())
            WriteFinding(finding);
        if (measured is not null)
        {
            WriteObject(measured);
            foreach (var property in GroupBy)
                WriteObject(Require(() => Groups(property)), enumerateCollection: true);
        }
        else
        {
            WriteFinding(new Finding(ErrorIds.LesionUnknown, "No heatmap is of an image whose lesions are known, so there is nothing to measure."));
        }

        base.EndProcessing();
    }

    private MammoLocalisation[] Groups(string property) => [.. _builder.MeasureGroups(property, image => Value(image, property), StopToken)];

    private static string? Value(MammoImage image, string property) =>
        image.Extra.GetValueOrDefault(property) is { Length: > 0 } extra ? extra : PredictionRow.Groups(PSObject.AsPSObject(image), [property])[0];
}
