using Mammo.Data.Files;

namespace Mammo.Data.Datasets.Formats;

/// <summary>
/// Kaggle's <c>dicom_info.csv</c>, which says of each JPEG file of its edition of CBIS-DDSM what it was made of: the case, the series, and whether it is the
/// whole image, a mask or a crop. Its paths are those of Kaggle's machines.
/// </summary>
internal sealed class CbisDdsmIndex
{
    public const string FileName = "dicom_info.csv";

    private const string FullImage = "full mammogram images";
    private const string Mask = "ROI mask images";
    private const string Crop = "cropped images";

    private readonly ILookup<(string Name, string Kind), string> _paths;

    private CbisDdsmIndex(IEnumerable<CsvTable> tables) => _paths = tables
        .SelectMany(table => table.Rows)
        .Where(row => row["image_path"] is not null && row["SeriesDescription"] is not null)
        .SelectMany(row => new[] { row["PatientID"], row["SeriesInstanceUID"] }.OfType<string>().Distinct()
            .Select(name => (Key: Key(name, row["SeriesDescription"]!), Path: row["image_path"]!)))
        .ToLookup(pair => pair.Key, pair => pair.Path);

    /// <summary>The index of such tables; one of none knows nothing.</summary>
    public static CbisDdsmIndex Of(IEnumerable<CsvTable> tables) => new(tables);

    /// <summary>Whether a table is such an index.</summary>
    public static bool IsIndex(CsvTable table) => Has(table, "image_path", "PatientID", "SeriesInstanceUID", "SeriesDescription");

    /// <summary>Whether a table is <c>meta.csv</c> of the same edition, which says nothing of files.</summary>
    public static bool IsMeta(CsvTable table) =>
        Has(table, "SeriesInstanceUID", "StudyInstanceUID") && table.Find("image_path") < 0 && table.Find("pathology") < 0;

    /// <summary>The whole image of a case or series.</summary>
    public string? Image(ImageFiles files, params string?[] names) => One(files, FullImage, names);

    /// <summary>The mask of an abnormality or its series.</summary>
    public string? MaskOf(ImageFiles files, params string?[] names) => One(files, Mask, names);

    /// <summary>The crop of an abnormality or its series.</summary>
    public string? CropOf(ImageFiles files, params string?[] names) => One(files, Crop, names);

    private string? One(ImageFiles files, string kind, string?[] names)
    {
        foreach (var name in names.OfType<string>())
        {
            string[] found = [.. _paths[Key(name, kind)].SelectMany(files.AtPathOrPart).Distinct(StringComparer.Ordinal)];
            if (found.Length == 1)
                return found[0];
        }

        return null;
    }

    private static bool Has(CsvTable table, params string[] columns) => Array.TrueForAll(columns, column => table.Find(column) >= 0);

    private static (string Name, string Kind) Key(string name, string kind) => (name.Trim().ToUpperInvariant(), kind.Trim().ToUpperInvariant());
}
