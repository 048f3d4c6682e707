using System.Management.Automation;
using Mammo.Archive.Worklists;
using Mammo.Data.Datasets;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Archive;

/// <summary>Lists the images of an archive for Invoke-MammoWorklist: a line for each file with what makes it an image of its own. Decodes no pixels.</summary>
[Cmdlet(VerbsCommon.New, "MammoWorklist", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(MammoWorklist))]
public sealed class NewMammoWorklistCommand : MammoCmdlet
{
    private readonly List<MammoDataset> _datasets = [];

    /// <summary>The archive: a folder, with those below it.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path")]
    [Alias("PSPath", "FullName")]
    [NotEmpty]
    public string Path { get; set; } = "";

    /// <summary>The images as datasets, folders of class folders, or CSV lists; what they say of an image is kept with it.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Dataset")]
    [DatasetTransformation(IsJoined = false, IsPiped = true)]
    [NotNull]
    public MammoDataset[] Dataset { get; set; } = [];

    /// <summary>The worklist to write, as JSON lines.</summary>
    [Parameter(Mandatory = true)]
    [NotEmpty]
    public string Out { get; set; } = "";

    /// <summary>Which files of a folder are taken: Any image that Mammo reads, or Dicom alone; by content, never by name.</summary>
    [Parameter(ParameterSetName = "Path")]
    public WorklistFormat Format { get; set; }

    /// <summary>Folder that the paths of the list start at, which holds all images; the last folder that they have in common unless set.</summary>
    [Parameter(ParameterSetName = "Dataset")]
    [NotEmpty]
    [PSDefaultValue(Help = "the last common folder")]
    public string? Root { get; set; }

    /// <summary>Threads that read headers; 0 for two per processor.</summary>
    [Parameter]
    [InRange(0, 256)]
    public int WorkerCount { get; set; }

    /// <summary>Replace a worklist that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        WriteFindings(Dataset);
        _datasets.AddRange(Dataset);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var path = ResolveOutput(Out, Force);
        if (ShouldProcess(path, "Write a worklist"))
        {
            var workers = WorkerCount > 0 ? WorkerCount : 2 * Environment.ProcessorCount;
            var list = Require(() => ParameterSetName == "Path" ? OfFolder(path, workers) : OfDatasets(path, workers), path);
            if (list.DifferentCopies > 0)
                WriteFinding(DifferentImages(list));
            WriteObject(list);
        }

        base.EndProcessing();
    }

    private MammoWorklist OfFolder(string path, int workers) =>
        WorklistWriter.Write(ResolveInput(Path), path, Format, workers, Show, StopToken);

    private MammoWorklist OfDatasets(string path, int workers)
    {
        MammoImage[] images = [.. _datasets.SelectMany(dataset => dataset.Images).Select(image => image with { Path = ResolveInput(image.Path) })];
        StartProgress("Reading headers", images.Length);
        return WorklistWriter.Write(images, Root is null ? Common(images) : ResolveInput(Root), path, workers, Show, StopToken);
    }

    private static Finding DifferentImages(MammoWorklist list) => new(
        ErrorIds.ImageTwice,
        FormattableString.Invariant($"{list.DifferentCopies} files have the SOP Instance UID of another one and differ from it in length or header: ")
            + $"{string.Join("; ", list.DifferentExamples)}.")
    {
        Subject = list.Path,
        SuggestedFix = "Look at them: of files with one UID only the first is scored. "
            + "Where a program gave one UID to several images, have the UIDs made anew.",
    };

    private void Show(long done, string file) => StartProgress("Reading headers").Update(done, file);

    private static string Common(MammoImage[] images)
    {
        var folder = System.IO.Path.GetDirectoryName(images[0].Path)!;
        foreach (var image in images)
        {
            while (!image.Path.StartsWith(System.IO.Path.Join(folder, $"{System.IO.Path.DirectorySeparatorChar}"), StringComparison.Ordinal)
                && System.IO.Path.GetDirectoryName(folder) is { } above)
                folder = above;
        }

        return folder;
    }
}
