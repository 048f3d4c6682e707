using System.Collections.Immutable;
using System.Management.Automation;
using Mammo.Evaluation;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;
using Mammo.Scoring.DicomResults;
using Mammo.Scoring.Heatmaps;

namespace Mammo.PowerShell.Pacs;

/// <summary>
/// Writes predictions and heatmaps of DICOM images as DICOM objects of the same study: structured report, picture, presentation state. Research use only.
/// </summary>
[Cmdlet(VerbsData.Export, "MammoDicom", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportMammoDicomCommand : MammoCmdlet
{
    private string _folder = "";
    private DicomExport _export = null!;

    /// <summary>Folder for the files; it is made where it is missing.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [NotEmpty]
    public string Path { get; set; } = "";

    /// <summary>Predictions of DICOM images, also as Import-Csv, ConvertFrom-Json, Import-Clixml or a job give them back with all their columns.</summary>
    [Parameter(ValueFromPipeline = true)]
    [NotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>Heatmaps of Get-MammoHeatmap: their regions are in the report of their image, and Heatmap and PresentationState are made of them.</summary>
    [Parameter]
    [NotNull]
    public MammoHeatmap[] Heatmap { get; set; } = [];

    /// <summary>
    /// Which objects: StructuredReport (of each study), Heatmap (a picture of each heatmap over its image), PresentationState (the regions of each heatmap as
    /// graphics on its image).
    /// </summary>
    [Parameter]
    [NotEmpty]
    [PSDefaultValue(Help = "StructuredReport, and with -Heatmap all three")]
    public DicomResultKind[] Kind { get; set; } = [];

    /// <summary>
    /// The models that made the predictions: what their cards say of calibration and thresholds, and the whole hash of their weights, go into the report.
    /// Needed where a prediction was decided.
    /// </summary>
    [Parameter]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ShippedModelCompleter))]
    [NotNull]
    public MammoModel[] Model { get; set; } = [];

    /// <summary>Whose scores the report has: Image, Breast (the images of one side), Patient (all images of the study).</summary>
    [Parameter]
    [NotEmpty]
    public EvaluationUnit[] By { get; set; } = [EvaluationUnit.Image];

    /// <summary>How the scores of a breast's or patient's images become one: their Mean, or the Max.</summary>
    [Parameter]
    public UnitScore Aggregate { get; set; }

    /// <summary>
    /// What a score is said to be: CertaintyOfFinding (DCM 111012), ProbabilityOfCancer (DCM 111047), or Auto: the probability of cancer where the last class
    /// is named after it (cancer, malignant), else, for pos too, the certainty of a finding.
    /// </summary>
    [Parameter]
    public ScoreConcept Concept { get; set; }

    /// <summary>Class of the heatmaps that is shown; the last one unless set.</summary>
    [Parameter]
    [NotEmpty]
    public string? Class { get; set; }

    /// <summary>
    /// From where on a place of a heatmap is a suspicious region: the probability, or for heatmaps without a bound the share of the highest value, as in the
    /// picture's colour bar.
    /// </summary>
    [Parameter]
    [InRange(0.01, 1.0)]
    public double RegionLevel { get; set; } = 0.5;

    /// <summary>Most regions of an image, the highest ones.</summary>
    [Parameter]
    [InRange(0, 100)]
    public int RegionCount { get; set; } = 10;

    /// <summary>Rows of the mammogram in the picture; it is never made larger than it is.</summary>
    [Parameter]
    [InRange(64, 8192)]
    public int Height { get; set; } = 1024;

    /// <summary>Date and time of the objects; those of their newest image unless set, so that the same results give the same files.</summary>
    [Parameter]
    [PSDefaultValue(Help = "that of the newest image")]
    public DateTime? Date { get; set; }

    /// <summary>Replace files that exist.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Write the files to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _folder = ResolveOutput(Path, force: true);
        ImmutableArray<DicomResultKind> kinds = Kind.Length > 0 ? [.. Kind]
            : Heatmap.Length > 0 ? [.. Enum.GetValues<DicomResultKind>()]
            : [DicomResultKind.StructuredReport];
        Require<object?>(() => Heatmap.Length > 0 || kinds.All(kind => kind == DicomResultKind.StructuredReport) ? null : throw new MammoException(
            ErrorIds.ArgumentInvalid,
            "A picture or presentation state is made of a heatmap, and no heatmap is given.",
            "Make them as the predictions were made and give them: -Heatmap (Get-MammoHeatmap $model -Path $p.Path)."));
        foreach (var model in Model)
            WriteNotes(model);
        _export = new DicomExport(
            new DicomExportOptions
            {
                Kinds = kinds,
                Units = [.. By],
                Aggregate = Aggregate,
                Concept = Concept,
                Class = Class,
                RegionLevel = RegionLevel,
                RegionLimit = RegionCount,
                Height = Height,
                Date = Date,
            },
            new KnownModels(Model));
        foreach (var heatmap in Heatmap)
            Attempt(() => Write(_export.Add(heatmap)), heatmap);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var record in InputObject)
            Attempt(() => _export.Add(ScoredImages.Of(record, path => OutputPath(path, force: true))), record);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (var report in _export.Reports())
            Attempt(() => Write([report]), report.Images);
        base.EndProcessing();
    }

    private void Write(IEnumerable<DicomResult> results)
    {
        foreach (var result in results)
        {
            StopToken.ThrowIfCancellationRequested();
            var path = System.IO.Path.Combine(_folder, result.Name);
            AtomicFile.CheckFree(path, Force);
            if (!ShouldProcess(path, $"Write results of {result.Images}"))
                continue;
            var content = result.Content();
            AtomicFile.Write(path, stream => stream.Write(content));
            if (PassThru)
                WriteObject(new FileInfo(path));
        }
    }
}
