using System.Collections;
using System.Collections.Immutable;
using System.Management.Automation;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Data.Loading;
using Mammo.Data.Patches;
using Mammo.Data.Preparations;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Datasets;

/// <summary>
/// Samples patches on the regions of interest of a dataset, on background and at bright spots, and writes them as PNG into one folder for each class. Writes
/// one record per image.
/// </summary>
[Cmdlet(VerbsCommon.New, "MammoPatchSet", SupportsShouldProcess = true)]
[OutputType(typeof(PatchSetRecord))]
public sealed class NewMammoPatchSetCommand : ImageReadingCommand
{
    private readonly List<MammoDataset> _datasets = [];

    /// <summary>Images with their regions of interest; several datasets make one patch set.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Alias("InputObject")]
    [DatasetTransformation]
    [NotNull]
    public MammoDataset Dataset { get; set; } = null!;

    /// <summary>Folder of the patch set; made if it is missing.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [NotEmpty]
    public string Destination { get; set; } = "";

    /// <summary>Side of a patch in pixels of the resized image.</summary>
    [Parameter]
    [InRange(2, 16384)]
    public int PatchSize { get; set; } = 256;

    /// <summary>Patches on every lesion: 1 at its centre of mass (S1), more at random (S10, S30).</summary>
    [Parameter]
    [Alias("NbAbn")]
    [InRange(0, 9999)]
    public int Abnormality { get; set; } = 30;

    /// <summary>Background patches of an image, hard negatives included.</summary>
    [Parameter]
    [Alias("NbBkg")]
    [InRange(0, 9999)]
    public int Background { get; set; } = 30;

    /// <summary>
    /// How many of the background patches are taken from bright spots, if there are that many; half of those that are not outside the breast unless set.
    /// </summary>
    [Parameter]
    [Alias("NbHns")]
    [InRange(0, 9999)]
    [PSDefaultValue(Help = "half of -Background")]
    public int? HardNegative { get; set; }

    /// <summary>
    /// Share of the background patches that lie outside the breast or on its edge, half of them each (rounded up for an image), so that a heatmap of
    /// whole films is of use. None unless set, as in the original.
    /// </summary>
    [Parameter]
    [InRange(0.0, 1.0)]
    public double BackgroundOutside { get; set; }

    /// <summary>A patch belongs to a region if more than this share of the one lies in the other; lowered by 0.05 where it cannot be met.</summary>
    [Parameter]
    [Alias("PosCutoff")]
    [InRange(0.0, 1.0)]
    public double PositiveCutoff { get; set; } = 0.75;

    /// <summary>Background overlaps no region by more than this share; no overlap at all unless set, with -Compatibility Numpy12345 0.35.</summary>
    [Parameter]
    [Alias("NegCutoff")]
    [InRange(0.0, 1.0)]
    public double? NegativeCutoff { get; set; }

    /// <summary>Rows to which images are resized first, columns in proportion.</summary>
    [Parameter]
    [InRange(1, 65536)]
    public int? TargetHeight { get; set; }

    /// <summary>Height and width to which images are resized first, whatever their proportions; not together with -TargetHeight.</summary>
    [Parameter]
    [ImageSizeTransformation]
    [Alias("ImgSize")]
    public ImageSize? ImageSize { get; set; }

    /// <summary>
    /// Cut patches of the resized film's local contrast, within the breast: deviation of its Gaussian in pixels of that film, 0 for none. The files carry it,
    /// Invoke-PatchTraining writes it into the model's card, and whole-image models of that classifier are given films so.
    /// </summary>
    [Parameter]
    [InRange(0.0, Preparation.HighestLocalContrast)]
    public double LocalContrast { get; set; }

    /// <summary>
    /// Patches hold two planes, the z-score in the breast (how many standard deviations of the breast a pixel is from its mean) and local contrast, for
    /// networks of New-PatchModel -Channel 2. Other networks are given the local contrast of such patches.
    /// </summary>
    [Parameter]
    public SwitchParameter ZScore { get; set; }

    /// <summary>Neither blank what is outside the breast nor cut the image to it.</summary>
    [Parameter]
    [Alias("NoSegmentBreast")]
    public SwitchParameter NoSegmentation { get; set; }

    /// <summary>What the classes say: Pathology (background, benign, malignant), TypeAndPathology, Type, Abnormality (background, abnormal).</summary>
    [Parameter]
    public PatchLabelling Labelling { get; set; }

    /// <summary>Other names for classes and their folders: @{ abnormal = 'pos' }; classes of one name become one.</summary>
    [Parameter]
    [NotNull]
    public Hashtable ClassName { get; set; } = [];

    /// <summary>Numpy12345 places patches as the original program does, coordinate by coordinate; None is better.</summary>
    [Parameter]
    public PatchCompatibility Compatibility { get; set; }

    /// <summary>Decides the places.</summary>
    [Parameter]
    [Alias("RandomSeed")]
    [InRange(0, int.MaxValue)]
    public int Seed { get; set; } = 12345;

    /// <summary>Images sampled at the same time, 0 for two per processor; the patches do not depend on it.</summary>
    [Parameter]
    [Alias("NumCpuCores")]
    [InRange(0, 256)]
    public int WorkerCount { get; set; }

    /// <summary>Replace a patch set that is in the folder.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        _datasets.Add(Dataset);
        WriteFindings([Dataset]);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var dataset = Require(() => MammoDataset.Join(_datasets));
        var folder = ResolveOutput(Destination, force: true);
        if (!ShouldProcess(folder, $"Sample patches of {dataset.Count} images"))
            return;
        var progress = StartProgress("Sampling patches", dataset.Count);
        var writer = new PatchSetWriter(folder, Options())
        {
            Workers = WorkerCount > 0 ? WorkerCount : FileWriters.DefaultWorkers,
            Force = Force,
            Dicom = Dicom,
            CancellationToken = StopToken,
        };
        using var records = Require(() => writer.Write(dataset).GetEnumerator());
        for (var done = 1; Require(records.MoveNext); done++)
        {
            progress.Update(done, records.Current.Name);
            Write(records.Current);
            WriteObject(records.Current);
        }

        base.EndProcessing();
    }

    private void Write(PatchSetRecord record)
    {
        foreach (var warning in record.Warnings)
            WriteVerbose($"{record.Name}: {warning}");
        if (record.Error is { } error)
            WriteError(ErrorRecords.Of(error, record.Path));
    }

    private PatchSetOptions Options() => new()
    {
        PatchSize = PatchSize,
        Abnormality = Abnormality,
        Background = Background,
        HardNegative = HardNegative ?? (Background - PatchSetOptions.OutsideCountOf(Background, BackgroundOutside)) / 2,
        BackgroundOutside = BackgroundOutside,
        PositiveCutoff = PositiveCutoff,
        NegativeCutoff = NegativeCutoff,
        TargetHeight = TargetHeight,
        Size = ImageSize,
        LocalContrast = LocalContrast > 0 ? LocalContrast : null,
        ZScore = ZScore,
        SegmentBreast = !NoSegmentation,
        Seed = (uint)Seed,
        Compatibility = Compatibility,
        Labelling = Labelling,
        ClassNames = ClassName.Cast<DictionaryEntry>().ToImmutableDictionary(pair => $"{pair.Key}", pair => $"{pair.Value}"),
    };
}
