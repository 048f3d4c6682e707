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
    private PredictedHeatmaps? _heatmaps;
    private bool _isReported;
    private long _done;

    /// <summary>Folder for the files; it is made where it is missing.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [NotEmpty]
    public string Path { get; set; } = "";

    /// <summary>Predictions of DICOM images, also as Import-Csv, ConvertFrom-Json, Import-Clixml or a job give them back with all their columns.</summary>
    [Parameter(ValueFromPipeline = true)]
    [NotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>
    /// Heatmaps of Get-MammoHeatmap: their regions are in the report of their image, and Heatmap and PresentationState are made of them. Where they
    /// are wanted and none is given, they are made by the model that scored, of each image as it was prepared then.
    /// </summary>
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
    /// Needed for a decision or a heatmap of predictions that left the session that made them, and for heatmaps by a model that has no file.
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
        foreach (var model in Model)
            WriteNotes(model);
        var models = Require(() => new KnownModels(Model));
        if (Heatmap.Length == 0 && kinds.Any(kind => kind != DicomResultKind.StructuredReport))
            _heatmaps = new PredictedHeatmaps(models, StopToken);
        _isReported = kinds.Contains(DicomResultKind.StructuredReport);
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
            models);
        foreach (var heatmap in Heatmap)
            Attempt(() => Write(_export.Add(heatmap), heatmap), heatmap);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var record in InputObject)
        {
            ScoredImage? image = null;
            IEnumerable<HeatmapResult> ready = [];
            if (!Attempt(() => _export.Add(image = ScoredImages.Of(record, path => OutputPath(path, force: true))), record) || _heatmaps is null)
                continue;

            // Without a heatmap the score is reported all the same, and the other images keep theirs.
            if (Attempt(() => ready = _heatmaps.Add(image!), record))
                Write(ready);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_heatmaps is not null)
            Write(_heatmaps.Finish());
        Write(_export.Reports(), null);
        if (_isReported && _export.UnreportedHeatmaps is > 0 and var count)
            Say(new MammoException(
                ErrorIds.HeatmapUnreported,
                $"{(count == 1 ? "A heatmap is" : $"{count} heatmaps are")} of images without a prediction, and no structured report has their regions.",
                "Give the predictions too: $p | Export-MammoDicom -Heatmap …; or say what is wanted: -Kind Heatmap, PresentationState."));
        base.EndProcessing();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _heatmaps?.Dispose();
        base.Dispose(disposing);
    }

    // A report that was asked for and cannot be is an error.
    private void Say(MammoException lack)
    {
        if (Kind.Length > 0)
            WriteError(ErrorRecords.Of(lack));
        else
            WriteFinding(new Finding(lack.ErrorId, lack.Message) { SuggestedFix = lack.SuggestedFix });
    }

    private void Write(IEnumerable<HeatmapResult> results)
    {
        using var enumerator = results.GetEnumerator();
        while (Require(enumerator.MoveNext))
        {
            var result = enumerator.Current;
            foreach (var warning in result.NewWarnings)
                WriteFinding(warning);
            if (result.Failure is { } failure)
                WriteError(ErrorRecords.Of(failure, result.Image));
            else
                Attempt(() => Write(_export.Add(result.Heatmap!), result.Heatmap), result.Heatmap);
            StartProgress("Making heatmaps").Update(++_done, System.IO.Path.GetFileName(result.Image.Path));
        }
    }

    // One that cannot be written, as it is there since an export that was stopped, keeps no other back.
    private void Write(IEnumerable<DicomResult> results, object? target)
    {
        foreach (var result in results)
            Attempt(() => Write(result), target ?? result.Images);
    }

    private void Write(DicomResult result)
    {
        StopToken.ThrowIfCancellationRequested();
        var path = System.IO.Path.Combine(_folder, result.Name);
        AtomicFile.CheckFree(path, Force);
        if (!ShouldProcess(path, $"Write results of {result.Images}"))
            return;
        var content = result.Content();
        AtomicFile.Write(path, stream => stream.Write(content));
        if (PassThru)
            WriteObject(new FileInfo(path));
    }
}
