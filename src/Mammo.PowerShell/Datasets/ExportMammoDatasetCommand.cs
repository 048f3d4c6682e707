using System.Collections.Immutable;
using System.Management.Automation;
using Mammo.Data.Datasets;
using Mammo.Data.Datasets.Formats;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Datasets;

/// <summary>Writes a dataset to a CSV that Import-MammoDataset reads back, or as the folder that the original's patch sampling takes.</summary>
[Cmdlet(VerbsData.Export, "MammoDataset", SupportsShouldProcess = true)]
[OutputType(typeof(MammoDataset))]
public sealed class ExportMammoDatasetCommand : ImageReadingCommand
{
    private readonly List<MammoDataset> _datasets = [];

    /// <summary>The CSV; with -Format RoiMask the folder.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("LiteralPath")]
    [NotEmpty]
    public string Path { get; set; } = "";

    /// <summary>The dataset; several are written as one.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Alias("InputObject")]
    [DatasetTransformation]
    [NotNull]
    public MammoDataset Dataset { get; set; } = null!;

    /// <summary>Csv, or RoiMask for roi_mask_path.csv, pat_lst.txt, and copies of the images with a mask for every lesion.</summary>
    [Parameter]
    public DatasetFileFormat Format { get; set; }

    /// <summary>
    /// Name of a variable that is given what could not be written: images without patient, lesions without place, an order of classes that no list says.
    /// </summary>
    [Parameter]
    [NotEmpty]
    public string? FindingVariable { get; set; }

    /// <summary>Replace files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Write the dataset to the pipeline as well.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Format == DatasetFileFormat.Csv && DicomParameters.FirstOrDefault(MyInvocation.BoundParameters.ContainsKey) is { } unused)
        {
            Require<object>(() => throw new MammoException(
                ErrorIds.DatasetInvalid, $"-{unused} has no meaning with -Format {Format}: no image is read.", "Leave it out.", unused));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        _datasets.Add(Dataset);
        WriteFindings([Dataset], FindingVariable);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var dataset = Require(() => MammoDataset.Join(_datasets));
        var path = ResolveOutput(Path, Force || Format == DatasetFileFormat.RoiMask);
        if (ShouldProcess(path, $"Write {dataset.Count} images as {Format}"))
            WriteFindings(Require(() => Write(dataset, path), dataset), FindingVariable);
        if (PassThru)
            WriteObject(dataset);
        base.EndProcessing();
    }

    private ImmutableArray<Finding> Write(MammoDataset dataset, string path)
    {
        if (Format == DatasetFileFormat.Csv)
            return DatasetCsv.Write(dataset, path);
        var progress = StartProgress("Writing images", dataset.Images.Count(image => !image.Rois.IsEmpty));
        var folder = new OriginalRoiListWriter(path)
        {
            Force = Force,
            Dicom = Dicom,
            Progress = done => progress.Update(done, path),
            CancellationToken = StopToken,
        };
        return folder.Write(dataset);
    }
}
