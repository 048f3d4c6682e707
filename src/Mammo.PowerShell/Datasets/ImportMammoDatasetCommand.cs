using System.Management.Automation;
using Mammo.Data.Datasets;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Datasets;

/// <summary>Opens a folder of class folders, or a CSV file, as a dataset. Reads no pixels.</summary>
[Cmdlet(VerbsData.Import, "MammoDataset", DefaultParameterSetName = "Path")]
[OutputType(typeof(MammoDataset))]
public sealed class ImportMammoDatasetCommand : MammoCmdlet
{
    private const int ShownFindings = 3;

    private readonly List<string> _lists = [];

    /// <summary>Folders or CSV files; wildcards allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Folders or CSV files, taken as they are written.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Class names in the order of the labels, the positive class last; sorted folder names unless set.</summary>
    [Parameter(Position = 1)]
    [Alias("ClassList")]
    [ValidateNotNullOrEmpty]
    public string[]? Class { get; set; }

    /// <summary>Names of a CSV's columns where they differ, those of regions included: @{ path = 'file'; label = 'assessment'; roi_mask = 'mask' }.</summary>
    [Parameter]
    [ValidateNotNull]
    public System.Collections.Hashtable? Column { get; set; }

    /// <summary>Layout: class folders or CSV (Auto), MiniMias, CbisDdsm.</summary>
    [Parameter]
    public DatasetFormat Format { get; set; }

    /// <summary>Folder of the images of mini-MIAS or CBIS-DDSM; that of the list unless set.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ImageFolder { get; set; }

    /// <summary>What the classes of mini-MIAS and CBIS-DDSM say: malignant against the rest, abnormal against normal, or normal, benign and malignant.</summary>
    [Parameter]
    public ImageLabelling Labelling { get; set; }

    /// <summary>Name of a variable that is given what did not fit: missing files, rows that contradict each other, patients in two lists.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? FindingVariable { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var isLiteral = ParameterSetName == "LiteralPath";
        var paths = ResolveExisting(isLiteral ? LiteralPath : Path, isLiteral);
        if (Format == DatasetFormat.CbisDdsm)
            _lists.AddRange(paths);
        else
            foreach (var path in paths)
                Attempt(() => Write(Read(path)), path);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_lists.Count > 0)
            Write(Require(() => Told(CbisDdsm.Read(_lists, Images, Labelling))));
        base.EndProcessing();
    }

    private string? Images => ImageFolder is null ? null : Require(() => ResolveInput(ImageFolder));

    private MammoDataset Read(string path) => Format == DatasetFormat.MiniMias ? Told(MiniMias.Read(path, Images, Labelling))
        : Directory.Exists(path) ? ClassFolders.Read(path, Class)
        : Told(RoiColumns.Read(path, Class, Column?.Cast<System.Collections.DictionaryEntry>().ToDictionary(pair => $"{pair.Key}", pair => $"{pair.Value}", StringComparer.OrdinalIgnoreCase)));

    private MammoDataset Told(DatasetImport import)
    {
        if (FindingVariable is not null)
            SessionState.PSVariable.Set(FindingVariable, import.Findings.ToArray());
        foreach (var finding in import.Findings.Take(ShownFindings))
            WriteWarning(finding.ToString());
        if (import.Findings.Length > ShownFindings)
            WriteWarning($"{import.Findings.Length - ShownFindings} further findings; -FindingVariable keeps them all.");
        return import.Dataset;
    }

    private void Write(MammoDataset dataset)
    {
        foreach (var (name, count) in dataset.Classes.Zip(dataset.ClassCounts))
        {
            if (count == 0)
                WriteWarning($"Class '{name}' of dataset '{dataset.Name}' has no images. [{ErrorIds.ClassEmpty}]");
        }

        WriteObject(dataset);
    }
}
