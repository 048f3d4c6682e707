using System.Management.Automation;
using Mammo.Data.Datasets;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Datasets;

/// <summary>A cmdlet that reads every image of the datasets or files on its pipeline once and writes one object at the end.</summary>
public abstract class DatasetScanCommand : MammoCmdlet
{
    private readonly List<string> _paths = [];

    /// <summary>The images as datasets.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Dataset")]
    [ValidateNotNull]
    public MammoDataset[] Dataset { get; set; } = [];

    /// <summary>Image files; wildcards allowed, but a name that exists as it is written is taken literally.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Image files, taken as they are written; file objects from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Threads that decode images; 0 for one per processor.</summary>
    [Parameter]
    [ValidateRange(0, 256)]
    public int WorkerCount { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _paths.AddRange(ParameterSetName switch
    {
        "Path" => ResolveExisting(Path, literal: false),
        "LiteralPath" => ResolveExisting(LiteralPath, literal: true),
        _ => Dataset.SelectMany(dataset => dataset.Images).Select(image => image.Path),
    });

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var progress = StartProgress(Activity, _paths.Count);
        var options = new ScanOptions
        {
            Workers = WorkerCount > 0 ? WorkerCount : Environment.ProcessorCount,
            CancellationToken = StopToken,
            Failed = (path, failure) => WriteError(ErrorRecords.Of(failure, path)),
            Progress = done => progress.Update(done, System.IO.Path.GetFileName(_paths[done - 1])),
        };
        WriteObject(Require(() => Scan(_paths, options)));
        base.EndProcessing();
    }

    /// <summary>What the progress bar says.</summary>
    private protected abstract string Activity { get; }

    /// <summary>Reads the images.</summary>
    private protected abstract object Scan(IEnumerable<string> paths, ScanOptions options);
}
