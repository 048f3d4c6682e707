using System.Management.Automation;
using Mammo.Data.Datasets;
using Mammo.Data.Datasets.Formats;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Datasets;

/// <summary>
/// Opens class folders, a CSV file, a folder of DICOM files, mini-MIAS, CBIS-DDSM, INbreast, VinDr-Mammo, RSNA 2022, CMMD, EMBED, another list of images, or
/// the original's roi_mask_path.csv as a dataset, with the regions of interest that they hold. Holds no pixels.
/// </summary>
[Cmdlet(VerbsData.Import, "MammoDataset", DefaultParameterSetName = "Path")]
[OutputType(typeof(MammoDataset))]
public sealed class ImportMammoDatasetCommand : MammoCmdlet
{
    private readonly List<string> _lists = [];
    private readonly List<MammoImage> _images = [];

    /// <summary>Folders or CSV files; wildcards allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")]
    [NotEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Folders or CSV files, taken as they are written.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath")]
    [NotEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>
    /// Rows of a list (Import-Csv) with the columns of one: path, label, patient, laterality, view, sample_weight and any other; relative paths start at the
    /// current location.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Row")]
    [RowTransformation]
    [NotNull]
    public MammoImage[] InputObject { get; set; } = [];

    /// <summary>
    /// Class names of folders or a CSV in the order of the labels, the positive class last; sorted folder names unless set. Those of other formats follow
    /// from -Labelling.
    /// </summary>
    [Parameter(Position = 1)]
    [Alias("ClassList")]
    [NotEmpty]
    public string[]? Class { get; set; }

    /// <summary>
    /// Names of a CSV's columns where they differ, those of regions and of -LabelList included: @{ path = 'file'; label = 'assessment'; roi_mask = 'mask' };
    /// of the lists of public sets, and of -Format List, those of file, patient, laterality, view and label.
    /// </summary>
    [Parameter]
    [NotNull]
    public System.Collections.Hashtable? Column { get; set; }

    /// <summary>
    /// Layout: class folders or CSV (Auto), a folder of DICOM files (Dicom), MiniMias, CbisDdsm, Inbreast, VinDr, Rsna, Cmmd, Embed, the original's
    /// roi_mask_path.csv (RoiMask), or any list of images with -Column (List).
    /// </summary>
    [Parameter]
    public DatasetFormat Format { get; set; }

    /// <summary>
    /// Folder of the images of mini-MIAS, CBIS-DDSM or another public set; that of the list unless set. With -Format RoiMask the original's full_img_dir;
    /// full_img beside the list unless set.
    /// </summary>
    [Parameter]
    [NotEmpty]
    public string? ImageFolder { get; set; }

    /// <summary>
    /// What the classes of mini-MIAS, CBIS-DDSM and roi_mask_path.csv say: malignant against the rest, abnormal against normal, or normal, benign and
    /// malignant.
    /// </summary>
    [Parameter]
    public ImageLabelling Labelling { get; set; }

    /// <summary>With -Format RoiMask: folder of the masks, the original's roi_mask_dir; roi_mask beside the list unless set.</summary>
    [Parameter]
    [NotEmpty]
    public string? MaskFolder { get; set; }

    /// <summary>
    /// With -Format RoiMask: all files are of this type and begin with it, Mass-Training_ or Calc-Training_; unless set, the list's column type says it and
    /// images have no such beginning.
    /// </summary>
    [Parameter]
    [Alias("IType")]
    [OneOf("Mass", "Calc")]
    [ArgumentCompleter(typeof(ImageTypeCompleter))]
    public string? ImageType { get; set; }

    /// <summary>With -Format RoiMask: file with one patient id a line; only these patients are taken, in this order.</summary>
    [Parameter]
    [NotEmpty]
    public string? PatientList { get; set; }

    /// <summary>
    /// With -Format CbisDdsm: the official training and test set, one after the other, AsPublished or Repaired, where the patients who are in both are dropped
    /// from training.
    /// </summary>
    [Parameter]
    public OfficialSplit? OfficialSplit { get; set; }

    /// <summary>
    /// With -Format Dicom: CSV with the labels, found by SOP instance UID, accession number or patient; without it the images have no class. With -Format
    /// Embed: the clinical list, whose assessments are found by acc_anon and side.
    /// </summary>
    [Parameter]
    [NotEmpty]
    public string? LabelList { get; set; }

    /// <summary>
    /// Which values of the list's labels make which class: @{ neg = 1, 2, 3; pos = 4, 5, 6 } of BI-RADS. In the order of -Class, of an [ordered] table, or of
    /// the names. Lists that say assessments (Inbreast, VinDr, Embed, List) need it.
    /// </summary>
    [Parameter]
    [NotEmpty]
    public System.Collections.IDictionary? LabelRule { get; set; }

    /// <summary>Name of a variable that is given what did not fit: missing files, rows that contradict each other, patients in two lists.</summary>
    [Parameter]
    [NotEmpty]
    public string? FindingVariable { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        string[] ofLists = [nameof(ImageFolder), nameof(Labelling)];
        string[] ofRoiMask = [nameof(MaskFolder), nameof(ImageType), nameof(PatientList)];
        string[] foreign = Format switch
        {
            DatasetFormat.Auto => [.. ofLists, .. ofRoiMask, nameof(LabelList)],
            DatasetFormat.Dicom => [.. ofLists, .. ofRoiMask, .. LabelList is null ? [nameof(Column), nameof(LabelRule)] : Array.Empty<string>()],
            DatasetFormat.RoiMask => [nameof(Class), nameof(Column), nameof(LabelList), nameof(LabelRule)],
            DatasetFormat.MiniMias or DatasetFormat.CbisDdsm => [nameof(Class), nameof(Column), nameof(LabelList), nameof(LabelRule), .. ofRoiMask],
            DatasetFormat.Embed => [nameof(Labelling), .. ofRoiMask],
            _ => [nameof(Labelling), nameof(LabelList), .. ofRoiMask],
        };
        if (Array.Find(foreign, MyInvocation.BoundParameters.ContainsKey) is { } unused)
            Require<object>(() => throw Foreign(unused));
        if (OfficialSplit is not null && Format != DatasetFormat.CbisDdsm)
            Require<object>(() => throw Foreign(nameof(OfficialSplit)));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == "Row")
        {
            string[] ofFiles = [nameof(Column), nameof(Format), nameof(ImageFolder), nameof(LabelList)];
            if (Array.Find(ofFiles, MyInvocation.BoundParameters.ContainsKey) is { } unused)
                Require<object>(() => throw new MammoException(
                    ErrorIds.DatasetInvalid,
                    $"-{unused} has no meaning with rows from the pipeline.",
                    "Give the list itself: Import-MammoDataset list.csv.",
                    unused));
            _images.AddRange(InputObject);
            return;
        }

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
            Write(Require(() => Reported(Ruled((classes, isLabel) => DatasetRows.Of("rows", _images, classes, isLabel)))));
        if (_lists.Count > 0)
        {
            var datasets = Require(Official);
            if (ImageFolder is null)
                WriteFinding(new Finding(
                    ErrorIds.FileNotFound, "Without -ImageFolder no image was looked for: paths are those of the lists, and missing files are not reported.")
                { SuggestedFix = "Give -ImageFolder, the folder of the images." });
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
        DatasetFormat.Dicom => Reported(Ruled((classes, _) => DicomFolder.Read(path, Full(LabelList), classes, Columns, ShowHeaders(path), StopToken))),
        DatasetFormat.Auto when Directory.Exists(path) => Reported(Ruled((classes, _) => ClassFolders.Import(path, classes))),
        DatasetFormat.Auto => Reported(Ruled((classes, isLabel) => DatasetCsv.Read(path, classes, Columns, isLabel))),
        _ => Reported(PublicSets.Read(Enum.Parse<PublicSet>($"{Format}"), path, new PublicSetOptions
        {
            ImageFolder = Full(ImageFolder),
            LabelList = Full(LabelList),
            Rule = Rule(),
            Columns = Columns,
            Progress = ShowHeaders(path),
            CancellationToken = StopToken,
        })),
    };

    private Action<int> ShowHeaders(string path) => done => StartProgress("Reading headers").Update(done, path);

    // With a rule the classes are the rule's, and labels are read as they are written.
    private DatasetImport Ruled(Func<IReadOnlyList<string>?, Func<string, bool>?, DatasetImport> read) => Rule() is { } rule
        ? rule.Apply(read(null, text => rule.Label(text) is not null))
        : read(Class, null);

    private LabelRule? Rule()
    {
        if (LabelRule is null)
            return null;
        string[] names = [.. LabelRule.Keys.Cast<object>().Select(name => $"{name}")];
        var ordered = Class ?? (LabelRule is System.Collections.Specialized.IOrderedDictionary ? names : [.. names.Order(StringComparer.Ordinal)]);
        if (!ordered.Order(StringComparer.OrdinalIgnoreCase).SequenceEqual(names.Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase))
            throw new MammoException(
                ErrorIds.LabelRuleInvalid,
                $"-Class names ({string.Join(", ", ordered)}), -LabelRule ({string.Join(", ", names)}).",
                "Name the same classes in both.");
        return new LabelRule([.. ordered.Select(name => KeyValuePair.Create(name, (IReadOnlyList<string>)Values(LabelRule[name])))]);
    }

    private static string[] Values(object? value) => LanguagePrimitives.GetEnumerable(value) is { } several
        ? [.. several.Cast<object>().Select(one => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{one}"))]
        : [string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value}")];

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
