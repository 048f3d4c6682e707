using System.Management.Automation;
using Mammo.Data.Datasets;
using Mammo.Data.Datasets.Formats;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Datasets;

/// <summary>
/// Opens class folders, a CSV file, a folder of DICOM files, mini-MIAS, CBIS-DDSM or the original's roi_mask_path.csv as a dataset, with the regions of
/// interest that they hold. Holds no pixels.
/// </summary>
[Cmdlet(VerbsData.Import, "MammoDataset", DefaultParameterSetName = "Path")]
[OutputType(typeof(MammoDataset))]
public sealed class ImportMammoDatasetCommand : MammoCmdlet
{
    private readonly List<string> _lists = [];
    private readonly List<MammoImage> _images = [];

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

    /// <summary>
    /// Rows of a list (Import-Csv) with the columns of one: path, label, patient, laterality, view, sample_weight and any other; relative paths start at the
    /// current location.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Row")]
    [RowTransformation]
    [ValidateNotNull]
    public MammoImage[] InputObject { get; set; } = [];

    /// <summary>
    /// Class names of folders or a CSV in the order of the labels, the positive class last; sorted folder names unless set. Those of other formats follow
    /// from -Labelling.
    /// </summary>
    [Parameter(Position = 1)]
    [Alias("ClassList")]
    [ValidateNotNullOrEmpty]
    public string[]? Class { get; set; }

    /// <summary>
    /// Names of a CSV's columns where they differ, those of regions and of -LabelList included: @{ path = 'file'; label = 'assessment'; roi_mask = 'mask' }.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public System.Collections.Hashtable? Column { get; set; }

    /// <summary>
    /// Layout: class folders or CSV (Auto), a folder of DICOM files (Dicom), MiniMias, CbisDdsm, or the original's roi_mask_path.csv (RoiMaskFile).
    /// </summary>
    [Parameter]
    public DatasetFormat Format { get; set; }

    /// <summary>
    /// Folder of the images of mini-MIAS or CBIS-DDSM; that of the list unless set. With -Format RoiMask the original's full_img_dir; full_img beside the
    /// list unless set.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ImageFolder { get; set; }

    /// <summary>
    /// What the classes of mini-MIAS, CBIS-DDSM and roi_mask_path.csv say: malignant against the rest, abnormal against normal, or normal, benign and
    /// malignant.
    /// </summary>
    [Parameter]
    public ImageLabelling Labelling { get; set; }

    /// <summary>With -Format RoiMask: folder of the masks, the original's roi_mask_dir; roi_mask beside the list unless set.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MaskFolder { get; set; }

    /// <summary>
    /// With -Format RoiMask: all files are of this type and begin with it, Mass-Training_ or Calc-Training_; unless set, the list's column type says it and
    /// images have no such beginning.
    /// </summary>
    [Parameter]
    [Alias("IType")]
    [ValidateSet("Mass", "Calc")]
    public string? ImageType { get; set; }

    /// <summary>With -Format RoiMask: file with one patient id a line; only these patients are taken, in this order.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PatientList { get; set; }

    /// <summary>
    /// With -Format CbisDdsm: the official training and test set, one after the other, AsPublished or Repaired, where the patients who are in both are dropped
    /// from training.
    /// </summary>
    [Parameter]
    public OfficialSplit? OfficialSplit { get; set; }

    /// <summary>With -Format Dicom: CSV with the labels, found by SOP instance UID, accession number or patient; without it the images have no class.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LabelList { get; set; }

    /// <summary>Name of a variable that is given what did not fit: missing files, rows that contradict each other, patients in two lists.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? FindingVariable { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        string[] ofLists = [nameof(ImageFolder), nameof(Labelling)];
        string[] ofRoiMask = [nameof(MaskFolder), nameof(ImageType), nameof(PatientList)];
        string[] foreign = Format switch
        {
            DatasetFormat.Auto => [.. ofLists, .. ofRoiMask, nameof(LabelList)],
            DatasetFormat.Dicom => [.. ofLists, .. ofRoiMask, .. LabelList is null ? [nameof(Column)] : Array.Empty<string>()],
            DatasetFormat.RoiMask => [nameof(Class), nameof(Column), nameof(LabelList)],
            _ => [nameof(Class), nameof(Column), nameof(LabelList), .. ofRoiMask],
        };
        if (Array.Find(foreign, MyInvocation.BoundParameters.ContainsKey) is { } unused)
            Require<object>(() => throw Foreign(unused));
        if (OfficialSplit is not null && Format != DatasetFormat.CbisDdsm)
            Require<object>(() => throw Foreign(nameof(OfficialSplit)));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        _images.AddRange(InputObject);
        if (ParameterSetName == "Row")
            return;
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
        if (_images.Count > 0)
            Write(Require(() => DatasetRows.Of("rows", _images, Class)));
        if (_lists.Count > 0)
        {
            var datasets = Require(Official);
            if (ImageFolder is null)
                WriteFinding(new Finding(
                    ErrorIds.FileNotFound, "Without -ImageFolder no image was looked for: paths are those of the lists, and missing files are not reported."));
            foreach (var dataset in datasets)
                Write(dataset);
        }

        base.EndProcessing();
    }

    // What has no effect is a mistake: the classes of a list follow from -Labelling, those of folders and CSVs from -Class.
    private MammoException Foreign(string parameter) => new(
        ErrorIds.DatasetInvalid,
        $"-{parameter} has no meaning with -Format {Format}.",
        parameter == nameof(Column) && Format == DatasetFormat.Dicom ? "Leave it out, or give the list whose columns it names by -LabelList."
        : parameter == nameof(Class) ? "Leave it out: -Labelling says what the classes are." : "Leave it out, or set -Format to what is read.",
        parameter);

    private MammoDataset[] Official()
    {
        if (OfficialSplit is not { } split)
            return [Reported(CbisDdsm.Read(_lists, Full(ImageFolder), Labelling))];
        var parts = CbisDdsm.ReadSplit(_lists, split, Full(ImageFolder), Labelling);
        return [Reported(new DatasetImport(parts.Training, parts.Findings)), parts.Test];
    }

    private string? Full(string? path) => path is null ? null : Require(() => ResolveInput(path));

    private MammoDataset Read(string path) => Format switch
    {
        DatasetFormat.MiniMias => Reported(MiniMias.Read(path, Full(ImageFolder), Labelling)),
        DatasetFormat.RoiMask => Reported(OriginalRoiLists.Read(path, Full(ImageFolder), Full(MaskFolder), ImageType, Patients(), Labelling)),
        DatasetFormat.Dicom => Reported(DicomFolder.Read(
            path, Full(LabelList), Class, Columns, done => StartProgress("Reading headers").Update(done, path), StopToken)),
        _ when Directory.Exists(path) => ClassFolders.Read(path, Class),
        _ => Reported(DatasetCsv.Read(path, Class, Columns)),
    };

    private Dictionary<string, string>? Columns =>
        Column?.Cast<System.Collections.DictionaryEntry>().ToDictionary(pair => $"{pair.Key}", pair => $"{pair.Value}", StringComparer.OrdinalIgnoreCase);

    private IReadOnlyList<string>? Patients() => Full(PatientList) is { } file ? Data.Datasets.Formats.PatientList.Read(file) : null;

    private MammoDataset Reported(DatasetImport import)
    {
        WriteFindings(import.Findings, FindingVariable);
        return import.Dataset;
    }

    private void Write(MammoDataset dataset)
    {
        foreach (var (name, count) in dataset.Classes.Zip(dataset.ClassCounts))
        {
            if (count == 0)
                WriteFinding(new Finding(ErrorIds.ClassEmpty, $"Class '{name}' of dataset '{dataset.Name}' has no images.") { Subject = dataset.Name });
        }

        WriteObject(dataset);
    }
}
