using System.Management.Automation;
using Mammo.Data.Datasets;
using Mammo.Data.Examination;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Datasets;

/// <summary>A cmdlet that reads every image of the datasets or files on its pipeline once and writes one object at the end.</summary>
public abstract class DatasetScanCommand : ImageSourceCommand
{
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var progress = StartProgress(Activity, Sources.Count);
        var options = new ScanOptions
        {
            Workers = WorkerCount > 0 ? WorkerCount : Environment.ProcessorCount,
            Dicom = Dicom,
            CancellationToken = StopToken,
            Failed = (path, failure) => WriteError(ErrorRecords.Of(failure, path)),
            Noticed = WriteFinding,
            Progress = done => progress.Update(done, System.IO.Path.GetFileName(Sources[done - 1])),
        };
        WriteObject(Require(() => Scan(Sources, options)));
        base.EndProcessing();
    }

    /// <summary>What the progress bar says.</summary>
    private protected abstract string Activity { get; }

    /// <summary>Reads the images.</summary>
    private protected abstract object Scan(IEnumerable<string> paths, ScanOptions options);
}
