using System.Management.Automation;
using Mammo.Data.Datasets;

namespace Mammo.PowerShell.Common;

/// <summary>A cmdlet that takes images as datasets, paths or file objects, and works on all of them at the end.</summary>
public abstract class ImageSourceCommand : ImageReadingCommand
{
    /// <summary>Image files, and folders where the cmdlet takes them; wildcards allowed, but a name that exists as it is written is taken literally.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [NotEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Image files, and folders where the cmdlet takes them, taken as they are written; file objects from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "FullName")]
    [NotEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The images as datasets, folders of class folders, or CSV lists; masks of ROIs are not taken.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Dataset")]
    [DatasetTransformation(IsJoined = false, IsPiped = true)]
    [NotNull]
    public MammoDataset[] Dataset { get; set; } = [];

    /// <summary>Threads that decode images; 0 for as many as is fastest. The results do not depend on it.</summary>
    [Parameter]
    [InRange(0, 256)]
    public int WorkerCount { get; set; }

    /// <summary>Full paths of all images so far, in the pipeline's order.</summary>
    private protected List<string> Sources { get; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case "Dataset":
                WriteFindings(Dataset);
                foreach (var image in Dataset.SelectMany(dataset => dataset.Images))
                    Attempt(() => Sources.Add(ResolveInput(image.Path)), image.Path);
                break;
            case "Path":
                Sources.AddRange(ResolveExisting(Path, literal: false));
                break;
            default:
                Sources.AddRange(ResolveExisting(LiteralPath, literal: true));
                break;
        }
    }
}
