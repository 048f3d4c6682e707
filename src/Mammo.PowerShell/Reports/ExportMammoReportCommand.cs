using System.Management.Automation;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;
using Mammo.PowerShell.Predictions;
using Mammo.Scoring.Localisation;

namespace Mammo.PowerShell.Reports;

/// <summary>
/// Measures predictions and writes a report that a person can read: one HTML file that needs no network and no script, and a JSON file with the same. Research
/// use only.
/// </summary>
[Cmdlet(VerbsData.Export, "MammoReport", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportMammoReportCommand : MeasuringCommand
{
    private const int UsualReplicates = 2000;

    private static readonly string[] Counted = ["View", "Laterality", "Manufacturer"];

    /// <summary>The HTML file; the JSON file gets its name with the extension .json.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [NotEmpty]
    public string Path { get; set; } = "";

    /// <summary>
    /// Predictions, also as Import-Csv, ConvertFrom-Json, Import-Clixml or a job give them back, or rows of another program with a class and a score.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [NotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>Heading; made of the models' names unless set.</summary>
    [Parameter]
    [NotEmpty]
    public string? Title { get; set; }

    /// <summary>What was asked, in a sentence or two.</summary>
    [Parameter]
    [NotEmpty]
    public string? Question { get; set; }

    /// <summary>Folder of Export-MammoHeatmap, whose pictures are shown with the worst false positives and false negatives.</summary>
    [Parameter]
    [NotEmpty]
    public string? Heatmap { get; set; }

    /// <summary>A measurement of Measure-MammoHeatmap, for a section on where lesions were found.</summary>
    [Parameter]
    [NotNull]
    public MammoLocalisation? Localisation { get; set; }

    /// <summary>The models that made the predictions: their cards go into the report.</summary>
    [Parameter]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ShippedModelCompleter))]
    [NotNull]
    public MammoModel[] Model { get; set; } = [];

    /// <summary>The training's epochs: what -HistoryVariable holds, or the path of its history.jsonl.</summary>
    [Parameter]
    [NotNull]
    public PSObject[] History { get; set; } = [];

    /// <summary>How many false positives and how many false negatives are shown, worst first.</summary>
    [Parameter]
    [InRange(0, 100)]
    public int CaseCount { get; set; } = 6;

    /// <summary>Replace files that exist.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Write both files to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override PSObject[] Predictions => InputObject;

    private protected override string[] KeptProperties => Counted;

    private protected override int DefaultBootstrap => UsualReplicates;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var (html, json) = Targets();
        var overlays = Heatmap is null ? null : Require(() => Folder(Heatmap));
        if (Measure() is { } measurement)
        {
            var groups = MeasureGroups();
            if (ShouldProcess(html, "Write report"))
            {
                var parts = new ReportParts(Title, Question, Model, overlays, CaseCount, [.. GroupBy, .. Counted], Localisation);
                Require<object?>(() =>
                {
                    var history = History.Length > 0 ? HistoryCurves.Of(History, ResolveInput) : [];
                    ReportWriter.Write(html, json, Builder, Options, measurement, groups, parts, history);
                    return null;
                });
                if (PassThru)
                    WriteObject(new[] { new FileInfo(html), new FileInfo(json) }, enumerateCollection: true);
            }
        }

        base.EndProcessing();
    }

    private (string Html, string Json) Targets()
    {
        var html = ResolveOutput(Path, Force);
        var extension = System.IO.Path.GetExtension(html).ToLowerInvariant();
        return Require(() => extension is ".html" or ".htm"
            ? (html, OutputPath(System.IO.Path.ChangeExtension(html, ".json"), Force))
            : throw new MammoException(
                ErrorIds.EvaluationOptionInvalid,
                $"'{html}' does not end in .html.",
                "Name a file that ends in .html; its JSON twin is written beside it.",
                html));
    }

    private string Folder(string path)
    {
        var full = ResolveInput(path);
        return Directory.Exists(full)
            ? full
            : throw new MammoException(ErrorIds.FileNotFound, $"'{full}' is no folder.", "Name the folder of Export-MammoHeatmap.", full);
    }
}
