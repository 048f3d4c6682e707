using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Mammo.Data.Files;
using Mammo.Data.Rois;

namespace Mammo.Data.Datasets.Formats;

/// <summary>CBIS-DDSM (Lee et al. 2017, Sci Data 4:170177) by its four official lists.</summary>
public static class CbisDdsm
{
    /// <summary>
    /// Reads any of the four lists together. Rows of one patient, side and view are one image, whether calcifications or masses; its classes follow from
    /// its abnormalities. Images and masks are looked for at the lists' own paths, there with another extension, anywhere below the archive's folder of the
    /// case or series (its UID, as in TCIA's downloads and Kaggle's JPEG edition), or under the folder's name (<c>Mass-Training_P_00001_LEFT_CC.png</c>,
    /// masks with
    /// <c>_1</c> before the extension) or <c>P_00001_LEFT_CC.png</c>. Whether a row is of the training or the test set is read from its case or, where its path
    /// has been
    /// rewritten, by the list's own name. Kaggle's <c>dicom_info.csv</c>, among the lists or beside the first, says which file is the image, the mask and the
    /// crop; its <c>meta.csv</c> is passed over.
    /// </summary>
    /// <param name="lists">Paths of <c>mass_case_description_train_set.csv</c> and related types.</param>
    /// <param name="imageFolder">Folder of the images. Null takes the lists' own paths beside the first list and looks for no file.</param>
    /// <param name="labelling">What the classes say; BENIGN_WITHOUT_CALLBACK counts as benign.</param>
    /// <returns>
    /// The images that were found. Findings: missing files, rows that contradict each other, and every patient who is in a training and in a test list.
    /// </returns>
    /// <exception cref="MammoException">A list is missing or is none; the folder is missing.</exception>
    public static DatasetImport Read(IReadOnlyList<string> lists, string? imageFolder = null, ImageLabelling labelling = ImageLabelling.Malignancy)
    {
        ArgumentNullException.ThrowIfNull(lists);
        var findings = new List<Finding>();
        var source = Open(lists, findings);
        var rows = source.Rows;
        findings.AddRange(OnBothSides(rows));
        if (rows.Count(row => row.IsTest is null) is > 0 and var unknown)
            findings.Add(new Finding(
                ErrorIds.ListIncomplete,
                $"Whether {unknown} of {rows.Length} rows are of the training or of the test set is not known: their paths name no case.")
            {
                SuggestedFix = "Keep 'case_description_train_set' or 'case_description_test_set' in the lists' names, or their own paths.",
            });
        return new DatasetImport(Dataset("CBIS-DDSM", rows, source, imageFolder, labelling, findings), [.. findings]);
    }

    /// <summary>
    /// Reads the lists as the official training and test set. An image with lesions of both sets is in both, in each with its lesions of that set.
    /// </summary>
    /// <param name="lists">Paths of lists of both sets.</param>
    /// <param name="split">Whether patients who are in both sets stay in training.</param>
    /// <param name="imageFolder">As for <see cref="Read"/>.</param>
    /// <param name="labelling">What the classes say.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ListIncomplete"/>: lists of one set only, or rows of which the set is not known; those of <see cref="Read"/>.
    /// </exception>
    public static OfficialParts ReadSplit(
        IReadOnlyList<string> lists, OfficialSplit split, string? imageFolder = null, ImageLabelling labelling = ImageLabelling.Malignancy)
    {
        ArgumentNullException.ThrowIfNull(lists);
        var findings = new List<Finding>();
        var source = Open(lists, findings);
        var rows = source.Rows;
        if (rows.Any(row => row.IsTest is null) || !rows.Any(row => row.IsTest == true) || !rows.Any(row => row.IsTest == false))
        {
            throw new MammoException(
                ErrorIds.ListIncomplete,
                "An official split needs lists of the training and of the test set, and every row says to which it belongs.",
                "Give all four lists under their own names.",
                lists.Count > 0 ? lists[0] : null);
        }

        var both = rows.Where(row => row.IsTest == false).Select(row => row.Patient)
            .Intersect(rows.Where(row => row.IsTest == true).Select(row => row.Patient), PatientIds.Comparer)
            .Order(StringComparer.Ordinal).ToImmutableSortedSet(PatientIds.Comparer);
        if (both.Count > 0)
            findings.Add(OnBothSides(rows, both, split));
        var training = rows.Where(row => row.IsTest == false && !(split == OfficialSplit.Repaired && both.Contains(row.Patient))).ToArray();
        var test = rows.Where(row => row.IsTest == true).ToArray();
        var hash = SplitHash(training, test);
        return new OfficialParts(
            Dataset("CBIS-DDSM/training", training, source, imageFolder, labelling, findings) with { Splits = [hash] },
            Dataset("CBIS-DDSM/test", test, source, imageFolder, labelling, findings) with { Splits = [hash] },
            [.. findings]);
    }

    private static Finding OnBothSides(CbisDdsmRow[] rows, ImmutableSortedSet<string> both, OfficialSplit split)
    {
        var trained = rows.Count(row => row.IsTest == false && both.Contains(row.Patient));
        var tested = rows.Count(row => row.IsTest == true && both.Contains(row.Patient));
        var outcome = split == OfficialSplit.Repaired ? "they are dropped from training" : "what is measured on them is too good to be true";
        return new Finding(
            ErrorIds.DataLeakage,
            FormattableString.Invariant($"{both.Count} patients are in the training and in the test set ({trained} and {tested} lesions, ")
                + $"counted in each view): {outcome}. {string.Join(", ", both)}.")
        {
            SuggestedFix = split == OfficialSplit.Repaired ? null : "Take -OfficialSplit Repaired.",
        };
    }

    /// <summary>SHA-256 over the sorted patients of both sets, so that the two kinds of split can be distinguished.</summary>
    private static string SplitHash(CbisDdsmRow[] training, CbisDdsmRow[] test)
    {
        var text = string.Concat(Lines("training", training).Concat(Lines("test", test)));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text))).ToLowerInvariant();

        static IEnumerable<string> Lines(string set, CbisDdsmRow[] rows) =>
            rows.Select(row => row.Patient).Distinct(PatientIds.Comparer).Order(StringComparer.Ordinal).Select(patient => $"{set}\t{patient}\n");
    }

    private static Source Open(IReadOnlyList<string> lists, List<Finding> findings)
    {
        var root = Path.GetDirectoryName(Path.GetFullPath(lists.Count > 0 ? lists[0] : "."))!;
        var indexes = new List<CsvTable>();
        var rows = new List<CbisDdsmRow>();
        foreach (var (list, table) in lists.Select(list => (list, CsvTable.Read(list))))
        {
            if (CbisDdsmIndex.IsIndex(table))
                indexes.Add(table);
            else if (!CbisDdsmIndex.IsMeta(table))
                rows.AddRange(CbisDdsmList.Read(list, table, findings));
        }

        if (rows.Count == 0 && findings.Count == 0)
            throw new MammoException(
                ErrorIds.DatasetInvalid, "None of the lists names a case of CBIS-DDSM.", "Give mass_case_description_train_set.csv and the like.",
                lists.Count > 0 ? lists[0] : null);
        if (indexes.Count == 0 && Path.Combine(root, CbisDdsmIndex.FileName) is var beside && File.Exists(beside) && CsvTable.Read(beside) is var found
            && CbisDdsmIndex.IsIndex(found))
            indexes.Add(found);
        return new Source([.. rows], CbisDdsmIndex.Of(indexes), root);
    }

    private static MammoDataset Dataset(
        string name, CbisDdsmRow[] rows, Source source, string? imageFolder, ImageLabelling labelling, List<Finding> findings)
    {
        var files = imageFolder is null ? null : new ImageFiles(imageFolder);
        var images = ImmutableArray.CreateBuilder<MammoImage>();
        foreach (var group in rows.GroupBy(row => row.Image))
        {
            CbisDdsmRow[] members = [.. group.Distinct()];
            if (Contradiction(members) is { } contradiction)
                findings.Add(contradiction);
            else if (ImageOf(members, files, source.Index, source.Root, findings) is { } image)
                images.Add(ImageLabels.Apply(image, labelling));
        }

        return new MammoDataset(name, ImageLabels.Classes(labelling), images.ToImmutable());
    }

    private static IEnumerable<Finding> OnBothSides(IEnumerable<CbisDdsmRow> rows) =>
        from patient in rows.GroupBy(row => row.Patient, PatientIds.Comparer).OrderBy(patient => patient.Key, StringComparer.Ordinal)
        where patient.Any(row => row.IsTest == true) && patient.Any(row => row.IsTest == false)
        let training = string.Join(", ", patient.Where(row => row.IsTest == false).Select(row => row.Type).Distinct())
        let test = string.Join(", ", patient.Where(row => row.IsTest == true).Select(row => row.Type).Distinct())
        let message = $"Patient {patient.Key} is in the training list ({training}) and in the test list ({test}). Split by patient."
        select new Finding(ErrorIds.DataLeakage, message) { Patient = patient.Key };

    private static Finding? Contradiction(CbisDdsmRow[] rows)
    {
        var twice = rows.GroupBy(row => (row.Type, row.Number)).FirstOrDefault(group => group.Select(row => row.Pathology).Distinct().Count() > 1);
        return twice is null ? null : new Finding(
            ErrorIds.RowsContradict,
            $"{rows[0].Case} is left out: its {twice.Key.Type} {twice.Key.Number} is {string.Join(" and ", twice.Select(row => row.Pathology).Distinct())}.")
        {
            Patient = rows[0].Patient,
        };
    }

    private static MammoImage? ImageOf(CbisDdsmRow[] rows, ImageFiles? files, CbisDdsmIndex index, string root, List<Finding> findings)
    {
        var path = files is null
            ? ListPath.Full(rows[0].ImagePath, root)
            : rows.Select(row => FindImage(row, files, index)).FirstOrDefault(found => found is not null);
        if (path is null)
        {
            findings.Add(new Finding(ErrorIds.FileNotFound, $"The image of {rows[0].Case} is not in the folder, or several files have its name.")
            {
                SuggestedFix = "Check -ImageFolder; Kaggle's edition has dicom_info.csv, which distinguishes its files when it is given with the lists.",
                Subject = rows[0].ImagePath,
                Patient = rows[0].Patient,
            });
            return null;
        }

        var isAlone = rows.DistinctBy(row => (row.Type, row.Number)).Count() == 1;
        string[] sets = [
            .. rows.Select(row => row.IsTest).OfType<bool>().Select(isTest => isTest ? "test" : "training").Distinct().Order(StringComparer.Ordinal)];
        var extra = sets.Length == 0 ? MammoImage.NoExtra : MammoImage.NoExtra.Add("official_set", string.Join(", ", sets));
        return new MammoImage(path)
        {
            Patient = rows[0].Patient,
            Laterality = rows[0].Side,
            View = rows[0].View,
            Rois = [.. rows.DistinctBy(row => (row.Type, row.Number)).Select(row => new Roi(ShapeOf(row, path, isAlone, files, index, root, findings))
            {
                Number = row.Number,
                Type = row.Type,
                Pathology = row.Pathology,
            })],
            Extra = rows[0].Density is { } density ? extra.Add("breast_density", density) : extra,
        };
    }

    private static string? FindImage(CbisDdsmRow row, ImageFiles files, CbisDdsmIndex index) => One(files.AtPathOrPart(row.ImagePath))
        ?? index.Image(files, Series(row.ImagePath), row.Case)
        ?? CbisDicom.Film(files.InFolder(row.Case))
        ?? (Series(row.ImagePath) is { } series ? One(files.InFolder(series)) : null)
        ?? One(files.Named(row.Case))
        ?? One(files.Named($"{row.Patient}_{row.Side}_{row.View}"));

    // The series' UID: the folder of its files, in the archive and wherever they have been put since.
    private static string? Series(string path) =>
        path.Split('/', '\\') is [.., var folder, _] && folder.StartsWith("1.3.6.1.4.1.", StringComparison.Ordinal) ? folder : null;

    private static RoiMaskFile? ShapeOf(
        CbisDdsmRow row, string film, bool isAlone, ImageFiles? files, CbisDdsmIndex index, string root, List<Finding> findings)
    {
        if (files is null)
        {
            var alternative = row.CropPath is null ? null : ListPath.Full(row.CropPath, root);
            return row.MaskPath is null ? null : new RoiMaskFile(ListPath.Full(row.MaskPath, root)) { Alternative = alternative };
        }

        var name = FormattableString.Invariant($"{row.Case}_{row.Number}");
        if (row.MaskPath is not null && One(files.AtPathOrPart(row.MaskPath)) is { } atPath)
            return new RoiMaskFile(atPath) { Alternative = row.CropPath is null ? null : One(files.AtPathOrPart(row.CropPath)) };
        string?[] series = [row.MaskPath is null ? null : Series(row.MaskPath), row.CropPath is null ? null : Series(row.CropPath), name];
        if (index.MaskOf(files, series) is { } indexed)
            return new RoiMaskFile(indexed) { Alternative = index.CropOf(files, series) };
        // In the lesion's own folder, or with the film in that of the case, where there is no other lesion's mask.
        if ((CbisDicom.Mask(files.InFolder(name), film) ?? (isAlone ? CbisDicom.Mask(files.InFolder(row.Case), film) : null)) is { } known)
            return known;
        if (files.InFolder(name) is [var first, .. var others] && others.Length < 2)
            return new RoiMaskFile(first) { Alternative = others.FirstOrDefault() };
        if (One(files.Named(name)) is { } named)
            return new RoiMaskFile(named);
        // Mask and crop: one series with both in it, or two of them, each of which the list may have exchanged.
        string[] ofSeries = [.. series[..2].OfType<string>().Distinct().SelectMany(files.InFolder)];
        if (CbisDicom.Mask(ofSeries, film) is { } ofUids)
            return ofUids;
        if (ofSeries is [var mask, .. var crop] && crop.Length < 2)
            return new RoiMaskFile(mask) { Alternative = crop.FirstOrDefault() };
        findings.Add(new Finding(ErrorIds.FileNotFound, $"The ROI mask {name} is not in the folder: the place of the lesion is not known.")
        {
            Subject = row.MaskPath,
            Patient = row.Patient,
        });
        return null;
    }

    private sealed record Source(CbisDdsmRow[] Rows, CbisDdsmIndex Index, string Root);

    private static string? One(string[] found) => found.Length == 1 ? found[0] : null;
}

/// <summary>Reads CBIS-DDSM's official lists.</summary>
internal static class CbisDdsmList
{
    private static readonly string[] Columns =
    [
        "patient_id", "left or right breast", "image view", "abnormality id", "abnormality type", "pathology",
        "image file path", "cropped image file path", "ROI mask file path",
    ];

    /// <summary>All usable rows; those without patient, view, number, pathology or path become findings.</summary>
    /// <exception cref="MammoException">The file is missing or is not one of the lists.</exception>
    public static ImmutableArray<CbisDdsmRow> Read(string csv, CsvTable table, ICollection<Finding> findings)
    {
        foreach (var column in Columns)
            table.Place(column);
        var rows = ImmutableArray.CreateBuilder<CbisDdsmRow>();
        var isTest = IsTestList(Path.GetFileName(csv));
        foreach (var row in table.Rows)
        {
            if (Problem(row) is { } problem)
            {
                var id = row["patient_id"] is null ? ErrorIds.PatientMissing : ErrorIds.DatasetInvalid;
                findings.Add(new Finding(id, $"Row {row.Number} of '{Path.GetFileName(csv)}' is left out: {problem}.") { Patient = row["patient_id"] });
                continue;
            }

            rows.Add(new CbisDdsmRow(
                row["patient_id"]!,
                row["left or right breast"]!,
                row["image view"]!,
                row.Integer("abnormality id")!.Value,
                row["abnormality type"] ?? "unknown",
                row["pathology"]!,
                row["image file path"]!)
            {
                MaskPath = row["ROI mask file path"],
                CropPath = row["cropped image file path"],
                Density = row["breast density"],
                IsOfTestList = isTest,
            });
        }

        return rows.ToImmutable();
    }

    // mass_case_description_train_set.csv and related ones, whatever was put before or behind.
    private static bool? IsTestList(string name) => name.Contains("description_test_set", StringComparison.OrdinalIgnoreCase) ? true
        : name.Contains("description_train_set", StringComparison.OrdinalIgnoreCase) ? false
        : null;

    private static string? Problem(CsvRow row) => row switch
    {
        _ when row["patient_id"] is null => "it has no patient",
        _ when row["left or right breast"] is null || row["image view"] is null => "it has no side or view",
        _ when row.Integer("abnormality id") is null => "its abnormality has no number",
        _ when row["pathology"] is not ("MALIGNANT" or "BENIGN" or "BENIGN_WITHOUT_CALLBACK") => $"its pathology is '{row["pathology"]}'",
        _ when row["image file path"] is null => "it has no image",
        _ => null,
    };
}

/// <summary>One row of CBIS-DDSM's official lists: an abnormality in an image.</summary>
/// <param name="Patient">P_00001 and so on.</param>
/// <param name="Side">LEFT or RIGHT.</param>
/// <param name="View">CC or MLO.</param>
/// <param name="Number">Number of the abnormality.</param>
/// <param name="Type">mass or calcification.</param>
/// <param name="Pathology">MALIGNANT, BENIGN or BENIGN_WITHOUT_CALLBACK.</param>
/// <param name="ImagePath">Path of the whole image in the archive.</param>
internal sealed partial record CbisDdsmRow(string Patient, string Side, string View, int Number, string Type, string Pathology, string ImagePath)
{
    /// <summary>Path of the mask in the archive; in part of the rows it is exchanged with that of the crop.</summary>
    public string? MaskPath { get; init; }

    /// <summary>Path of the crop in the archive.</summary>
    public string? CropPath { get; init; }

    /// <summary>Breast density, 1 to 4.</summary>
    public string? Density { get; init; }

    /// <summary>Whether the list itself is called the one for testing; null when its name says neither.</summary>
    public bool? IsOfTestList { get; init; }

    /// <summary>
    /// The archive's folder of the image, <c>Mass-Training_P_00001_LEFT_CC</c>: its name in converted sets too. Where the path has been rewritten it is put
    /// together.
    /// </summary>
    public string Case => OfPath ?? $"{(IsCalcification ? "Calc" : "Mass")}-{(IsOfTestList == true ? "Test" : "Training")}_{Patient}_{Side}_{View}";

    /// <summary>Whether the row is of the official test set; null when neither its path nor its list says so.</summary>
    public bool? IsTest => OfPath is { } name ? name.Contains("-Test_", StringComparison.OrdinalIgnoreCase) : IsOfTestList;

    // Masks' folders have the abnormality's number behind it, which the image's has not.
    private string? OfPath => Array.Find(ImagePath.Split('/', '\\'), part => CasePattern().IsMatch(part));

    private bool IsCalcification => Type.StartsWith("calc", StringComparison.OrdinalIgnoreCase);

    /// <summary>What makes two rows speak of one image.</summary>
    public (string Patient, string Side, string View) Image => (Patient, Side, View);

    [GeneratedRegex("^(Mass|Calc)-(Training|Test)_", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex CasePattern();
}
