using System.Management.Automation;
using Mammo.Data.Conversion;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Data.Loading;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Datasets;

/// <summary>
/// Converts images of any readable kind to grey PNG of 8 or 16 bits in another folder, keeping the folders below the source's. Writes one record per image.
/// </summary>
[Cmdlet(VerbsData.Convert, "MammoImage", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(ImageConversionRecord))]
public sealed class ConvertMammoImageCommand : ImageSourceCommand
{
    /// <summary>Folder of the results; made if it is missing.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [NotEmpty]
    public string Destination { get; set; } = "";

    /// <summary>Height and width of the results, whatever the images' proportions.</summary>
    [Parameter]
    [ImageSizeTransformation]
    [PSDefaultValue(Help = "each image's own")]
    public ImageSize? ImageSize { get; set; }

    /// <summary>Rows of the results, columns in proportion; not together with -ImageSize.</summary>
    [Parameter]
    [InRange(1, 65536)]
    public int? TargetHeight { get; set; }

    /// <summary>Bits of a pixel of the results, 8 or 16; from 16 to 8 the high byte is kept, rounded.</summary>
    [Parameter]
    [OneOf("8", "16")]
    [ArgumentCompleter(typeof(BitDepthCompleter))]
    [PSDefaultValue(Help = "each image's own")]
    public int? BitDepth { get; set; }

    /// <summary>Stretch each image to the full range of its bit depth, as the published models' images had been.</summary>
    [Parameter]
    public SwitchParameter AutoLevel { get; set; }

    /// <summary>Cut each image to the box around its breast.</summary>
    [Parameter]
    public SwitchParameter CropBreast { get; set; }

    /// <summary>Make everything outside the breast background: labels, tape, film edges.</summary>
    [Parameter]
    public SwitchParameter SuppressArtifact { get; set; }

    /// <summary>Mirror images whose chest wall is at the right.</summary>
    [Parameter]
    public SwitchParameter FlipToLeft { get; set; }

    /// <summary>Convert also images whose results are there and newer, as is needed with other options than last time.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // Rows of a dataset may name anything.
        var areFiles = ParameterSetName == "Dataset";
        var converter = new ImageConverter(ResolveOutput(Destination, force: true), Conversion())
        {
            AreFiles = areFiles,
            Root = ImageConverter.CommonFolder(areFiles ? Sources.Where(source => !Directory.Exists(source)) : Sources),
            Workers = WorkerCount > 0 ? WorkerCount : FileWriters.DefaultWorkers,
            Force = Force,
            Dicom = Dicom,
            CancellationToken = StopToken,
        };
        WriteVerbose($"Images keep their places below '{converter.Root}'.");
        var jobs = Require(() => converter.Plan(Sources));
        var progress = StartProgress("Converting images", jobs.Count);
        var counts = new int[Enum.GetValues<ConversionStatus>().Length];
        using var records = converter.Convert(jobs.Where(IsWanted)).GetEnumerator();
        for (var done = 1; Require(records.MoveNext); done++)
        {
            progress.Update(done, System.IO.Path.GetFileName(records.Current.Source));
            counts[(int)records.Current.Status]++;
            Write(records.Current);
        }

        WriteVerbose($"{counts[(int)ConversionStatus.Converted]} converted, {counts[(int)ConversionStatus.UpToDate]} up to date, "
            + $"{counts[(int)ConversionStatus.Failed]} failed");
        base.EndProcessing();
    }

    // Asked on the pipeline's thread: the converter reads its jobs there.
    private bool IsWanted(ConversionJob job) => (job.IsUpToDate && !Force) || ShouldProcess(job.Target, $"Convert '{job.Source}'");

    private void Write(ImageConversionRecord record)
    {
        foreach (var warning in record.Warnings)
            WriteVerbose($"{record.Source}: {warning}");
        if (record.Error is { } error)
            WriteError(ErrorRecords.Of(error, record.Source));
        WriteObject(record);
    }

    private ImageConversion Conversion() => new()
    {
        Size = ImageSize,
        TargetHeight = TargetHeight,
        BitDepth = BitDepth,
        AutoLevel = AutoLevel,
        CropBreast = CropBreast,
        SuppressArtifact = SuppressArtifact,
        FlipToLeft = FlipToLeft,
    };
}
