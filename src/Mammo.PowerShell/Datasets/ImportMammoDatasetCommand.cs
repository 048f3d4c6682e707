using System.Management.Automation;
using Mammo.Data.Datasets;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Datasets;

/// <summary>Opens a folder of class folders, or a CSV file, as a dataset. Reads no pixels.</summary>
[Cmdlet(VerbsData.Import, "MammoDataset", DefaultParameterSetName = "Path")]
[OutputType(typeof(MammoDataset))]
public sealed class ImportMammoDatasetCommand : MammoCmdlet
{
    /// <summary>Folders or CSV files; wildcards allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
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

    /// <summary>Names of a CSV's columns where they differ: @{ path = 'file'; label = 'pathology' }.</summary>
    [Parameter]
    [ValidateNotNull]
    public System.Collections.Hashtable? Column { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var isLiteral = ParameterSetName == "LiteralPath";
        foreach (var path in ResolveExisting(isLiteral ? LiteralPath : Path, isLiteral))
            Attempt(() => Write(Read(path)), path);
    }

    private MammoDataset Read(string path) => Directory.Exists(path)
        ? ClassFolders.Read(path, Class)
        : DatasetCsv.Read(path, Class, Column?.Cast<System.Collections.DictionaryEntry>().ToDictionary(pair => $"{pair.Key}", pair => $"{pair.Value}", StringComparer.OrdinalIgnoreCase));

    private void Write(MammoDataset dataset)
    {
        foreach (var (name, count) in dataset.Classes.Zip(dataset.ClassCounts))
        {
            if (count == 0)
                WriteWarning($"Class '{name}' of dataset '{dataset.Name}' has no images.");
        }

        WriteObject(dataset);
    }
}
