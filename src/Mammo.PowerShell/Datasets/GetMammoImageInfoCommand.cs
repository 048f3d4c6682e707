using System.Management.Automation;
using Mammo.Data.Dicom;
using Mammo.Data.Files;
using Mammo.Data.Loading;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Datasets;

/// <summary>Reports what image files say of themselves without decoding pixels: format, size and depth, and what the elements of DICOM files say.</summary>
[Cmdlet(VerbsCommon.Get, "MammoImageInfo", DefaultParameterSetName = "Path")]
[OutputType(typeof(MammoImageInfo))]
public sealed class GetMammoImageInfoCommand : ImageSourceCommand
{
    // Headers are small: many wait, so that a slow file does not stop the other workers.
    private const int Ahead = 32;

    private OrderedLoader<string, MammoImageInfo>? _loader;
    private DicomOptions? _dicom;
    private long _done;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        base.ProcessRecord();
        Require(() =>
        {
            foreach (var path in Sources)
                Add(path);
            return true;
        });
        Sources.Clear();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        while (_loader is { Count: > 0 } loader)
            Write(Require(loader.Take));
        base.EndProcessing();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _loader?.Dispose();
        base.Dispose(disposing);
    }

    private void Add(string path)
    {
        var workers = WorkerCount > 0 ? WorkerCount : Environment.ProcessorCount;
        var dicom = _dicom ??= Dicom;
        _loader ??= new((file, _) => MammoImageInfo.Of(ImageReader.ReadInfo(file, dicom)), workers, Ahead * workers, StopToken);
        while (_loader.IsFull)
            Write(_loader.Take());
        _loader.Add(path);
        while (_loader.TryTake(out var result))
            Write(result);
    }

    private void Write(LoadResult<string, MammoImageInfo> result)
    {
        StartProgress("Reading headers").Update(++_done, System.IO.Path.GetFileName(result.Item));
        if (result.Error is { } failure)
            WriteError(ErrorRecords.Of(failure, result.Item));
        else
            WriteObject(result.Value);
    }
}
