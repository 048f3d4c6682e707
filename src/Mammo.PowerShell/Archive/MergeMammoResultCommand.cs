using System.Management.Automation;
using Mammo.Archive.Merging;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Archive;

/// <summary>
/// Brings the results of a worklist's shards together in one file with a row for each image, and says whether they add up: in, scored, refused, missing,
/// twice.
/// </summary>
[Cmdlet(VerbsData.Merge, "MammoResult", SupportsShouldProcess = true)]
[OutputType(typeof(MergeReport))]
public sealed class MergeMammoResultCommand : MammoCmdlet
{
    private const string ListName = "worklist.jsonl";

    /// <summary>Folder of the run, which holds the results, in folders below it too.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("PSPath", "FullName")]
    [NotEmpty]
    public string Path { get; set; } = "";

    /// <summary>The file to write: CSV, or by its name Parquet (.parquet) or JSON lines (.jsonl, .ndjson).</summary>
    [Parameter(Mandatory = true)]
    [NotEmpty]
    public string Out { get; set; } = "";

    /// <summary>The worklist; worklist.jsonl in the folder unless set.</summary>
    [Parameter]
    [NotEmpty]
    [PSDefaultValue(Help = "worklist.jsonl in the folder")]
    public string? Worklist { get; set; }

    /// <summary>How the file is written, whatever its name: Csv, JsonLines or Parquet.</summary>
    [Parameter]
    public ResultFormat Format { get; set; }

    /// <summary>Folder that the paths of the images begin with; the one that the worklist was made of unless set.</summary>
    [Parameter]
    [NotEmpty]
    [PSDefaultValue(Help = "the worklist's")]
    public string? Root { get; set; }

    /// <summary>Write what is there although images are missing or contradict each other; that is a warning then.</summary>
    [Parameter]
    public SwitchParameter Partial { get; set; }

    /// <summary>
    /// By how much the numbers of an image that was scored twice may differ: processors of another kind round in another way, about 1e-6.
    /// </summary>
    [Parameter]
    [InRange(0, 1)]
    public double Tolerance { get; set; }

    /// <summary>Replace a file that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var path = ResolveOutput(Out, Force);
        if (ShouldProcess(path, "Merge results"))
        {
            var report = Require(() => Merged(path), Path);
            if (report.DifferentCopies > 0)
                WriteFinding(new Finding(
                    ErrorIds.ImageTwice,
                    FormattableString.Invariant(
                        $"{report.DifferentCopies} files have the SOP Instance UID of another one, differ from it, and were not scored."))
                { Subject = Path, SuggestedFix = "New-MammoWorklist names the first of them." });
            WriteObject(report);
            if (!report.AddsUp)
                Judge(report);
        }

        base.EndProcessing();
    }

    private MergeReport Merged(string path)
    {
        var folder = ResolveInput(Path);
        var options = new MergeOptions
        {
            Worklist = ResolveInput(Worklist ?? System.IO.Path.Combine(Path, ListName)),
            Folder = folder,
            Path = path,
            Format = Format,
            Root = Root is null ? null : SessionState.Path.GetUnresolvedProviderPathFromPSPath(Root),
            IsPartial = Partial,
            Tolerance = Tolerance,
        };
        return ResultMerge.Merge(options, WriteFinding, StopToken);
    }

    private void Judge(MergeReport report)
    {
        var examples = report.MissingExamples.Concat(report.ConflictingExamples).Take(3).ToArray();
        var message = FormattableString.Invariant($"{report}. {string.Join(", ", examples)}.");
        if (Partial)
            WriteFinding(new Finding(ErrorIds.ResultsIncomplete, message) { Subject = Path });
        else
            Require<object>(() => throw new MammoException(ErrorIds.ResultsIncomplete, message, target: Path), report);
    }
}
