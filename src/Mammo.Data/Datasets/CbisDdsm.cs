using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Data.Rois;

namespace Mammo.Data.Datasets;

/// <summary>CBIS-DDSM (Lee et al. 2017, Sci Data 4:170177) by its four official lists.</summary>
public static class CbisDdsm
{
    /// <summary>
    /// Reads any of the four lists together. Rows of one patient, side and view are one image, whether calcifications or masses; its classes follow from
    /// its abnormalities. Images and masks are looked for at the lists' own paths, there with another extension, anywhere below the archive's folder of the
    /// case, or under the folder's name (<c>Mass-Training_P_00001_LEFT_CC.png</c>, masks with <c>_1</c> before the extension) or <c>P_00001_LEFT_CC.png</c>.
    /// </summary>
    /// <param name="lists">Paths of <c>mass_case_description_train_set.csv</c> and its kin.</param>
    /// <param name="imageFolder">Folder of the images. Null takes the lists' own paths beside the first list and looks for no file.</param>
    /// <param name="labelling">What the classes say; BENIGN_WITHOUT_CALLBACK counts as benign.</param>
    /// <returns>
    /// The images that were found. Findings: missing files, rows that contradict each other, and every patient who is in a training and in a test list.
    /// </returns>
    /// <exception cref="MammoException">A list is missing or is none; the folder is missing.</exception>
    public static DatasetImport Read(IReadOnlyList<string> lists, string? imageFolder = null, ImageLabelling labelling = ImageLabelling.Malignancy)
    {
        ArgumentNullException.ThrowIfNull(lists);
        var findings = new List<DatasetFinding>();
        CbisDdsmRow[] rows = [.. lists.SelectMany(list => CbisDdsmList.Read(list, findings))];
        findings.AddRange(OnBothSides(rows));
        var files = imageFolder is null ? null : new ImageFiles(imageFolder);
        var root = Path.GetDirectoryName(Path.GetFullPath(lists.Count > 0 ? lists[0] : "."))!;
        var images = ImmutableArray.CreateBuilder<MammoImage>();
        foreach (var group in rows.GroupBy(row => row.Image))
        {
            CbisDdsmRow[] members = [.. group.Distinct()];
            if (Contradiction(members) is { } contradiction)
                findings.Add(contradiction);
            else if (ImageOf(members, files, root, findings) is { } image)
                images.Add(ImageLabels.Apply(image, labelling));
        }

        return new DatasetImport(new MammoDataset("CBIS-DDSM", ImageLabels.Classes(labelling), images.ToImmutable()), [.. findings]);
    }

    private static IEnumerable<DatasetFinding> OnBothSides(IEnumerable<CbisDdsmRow> rows) =>
        from patient in rows.GroupBy(row => row.Patient).OrderBy(patient => patient.Key, StringComparer.Ordinal)
        where patient.Any(row => row.IsTest) && patient.Any(row => !row.IsTest)
        let training = string.Join(", ", patient.Where(row => !row.IsTest).Select(row => row.Type).Distinct())
        let test = string.Join(", ", patient.Where(row => row.IsTest).Select(row => row.Type).Distinct())
        select new DatasetFinding(ErrorIds.DataLeakage, $"Patient {patient.Key} is in the training list ({training}) and in the test list ({test}). Split by patient.") { Patient = patient.Key };

    private static DatasetFinding? Contradiction(CbisDdsmRow[] rows)
    {
        var twice = rows.GroupBy(row => (row.Type, row.Number)).FirstOrDefault(group => group.Select(row => row.Pathology).Distinct().Count() > 1);
        return twice is null ? null : new DatasetFinding(
            ErrorIds.RowsContradict,
            $"{rows[0].Case} is left out: its {twice.Key.Type} {twice.Key.Number} is {string.Join(" and ", twice.Select(row => row.Pathology).Distinct())}.")
        {
            Patient = rows[0].Patient,
        };
    }

    private static MammoImage? ImageOf(CbisDdsmRow[] rows, ImageFiles? files, string root, List<DatasetFinding> findings)
    {
        var path = files is null ? Path.GetFullPath(rows[0].ImagePath, root) : rows.Select(row => FindImage(row, files)).FirstOrDefault(found => found is not null);
        if (path is null)
        {
            findings.Add(new DatasetFinding(ErrorIds.FileNotFound, $"The image of {rows[0].Case} is not in the folder, or several files have its name.") { Path = rows[0].ImagePath, Patient = rows[0].Patient });
            return null;
        }

        var extra = MammoImage.NoExtra.Add("official_set", string.Join(", ", rows.Select(row => row.IsTest ? "test" : "training").Distinct().Order(StringComparer.Ordinal)));
        return new MammoImage(path)
        {
            Patient = rows[0].Patient,
            Laterality = rows[0].Side,
            View = rows[0].View,
            Rois = [.. rows.DistinctBy(row => (row.Type, row.Number)).Select(row => new Roi(ShapeOf(row, files, root, findings))
            {
                Number = row.Number,
                Type = row.Type,
                Pathology = row.Pathology,
            })],
            Extra = rows[0].Density is { } density ? extra.Add("breast_density", density) : extra,
        };
    }

    private static string? FindImage(CbisDdsmRow row, ImageFiles files) => One(files.AtPath(row.ImagePath))
        ?? One(files.InFolder(row.Case))
        ?? One(files.Named(row.Case))
        ?? One(files.Named($"{row.Patient}_{row.Side}_{row.View}"));

    private static RoiMask? ShapeOf(CbisDdsmRow row, ImageFiles? files, string root, List<DatasetFinding> findings)
    {
        if (files is null)
            return row.MaskPath is null ? null : new RoiMask(Path.GetFullPath(row.MaskPath, root)) { Alternative = row.CropPath is null ? null : Path.GetFullPath(row.CropPath, root) };
        var name = FormattableString.Invariant($"{row.Case}_{row.Number}");
        if (row.MaskPath is not null && One(files.AtPath(row.MaskPath)) is { } atPath)
            return new RoiMask(atPath) { Alternative = row.CropPath is null ? null : One(files.AtPath(row.CropPath)) };
        if (files.InFolder(name) is [var first, .. var others] && others.Length < 2)
            return new RoiMask(first) { Alternative = others.FirstOrDefault() };
        if (One(files.Named(name)) is { } named)
            return new RoiMask(named);
        findings.Add(new DatasetFinding(ErrorIds.FileNotFound, $"The ROI mask {name} is not in the folder: the place of the abnormality is not known.") { Path = row.MaskPath, Patient = row.Patient });
        return null;
    }

    private static string? One(string[] found) => found.Length == 1 ? found[0] : null;
}
