using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Mammo.Data.Dicom;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Rois;

namespace Mammo.Data.Datasets.Formats;

/// <summary>
/// The input of the original's patch sampling: <c>roi_mask_path.csv</c> with the columns patient_id, side, view, abn_num, pathology and, for
/// calcifications and masses together, type; images and masks by the names that the original makes of these.
/// </summary>
public static class OriginalRoiLists
{
    private static readonly string[] Columns = ["patient_id", "side", "view", "abn_num", "pathology"];

    /// <summary>
    /// Reads the list. Images are <c>{patient}_{side}_{view}.png</c> and masks <c>{Calc|Mass}-Training_{patient}_{side}_{view}_{number}.png</c>; with an image
    /// type (the original's <c>--itype</c>) both begin with <c>{type}-Training_</c>.
    /// </summary>
    /// <param name="path">The list, or the folder that holds it as <c>roi_mask_path.csv</c>.</param>
    /// <param name="imageFolder">Folder of the whole images; null is <c>full_img</c> beside the list.</param>
    /// <param name="maskFolder">Folder of the masks; null is <c>roi_mask</c> beside the list.</param>
    /// <param name="imageType">Mass or Calc for <c>sample_patches_main</c>; null for <c>sample_patches_combined</c>, which needs the column type.</param>
    /// <param name="patients">Take only these patients, in this order; null takes all in ordinal order.</param>
    /// <param name="labelling">What the classes say; BENIGN_WITHOUT_CALLBACK counts as benign.</param>
    /// <returns>
    /// The images that were found. Findings: missing images and masks, patients who are not in the list, rows that lack something or contradict each other.
    /// </returns>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileNotFound"/>: list or folder; <see cref="ErrorIds.DatasetInvalid"/>: not such a list.
    /// </exception>
    public static DatasetImport Read(
        string path,
        string? imageFolder = null,
        string? maskFolder = null,
        string? imageType = null,
        IReadOnlyList<string>? patients = null,
        ImageLabelling labelling = ImageLabelling.Malignancy)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var csv = Directory.Exists(path) ? Path.Combine(path, OriginalRoiNames.List) : path;
        var findings = new List<Finding>();
        var byPatient = Rows(csv, imageType, findings).ToLookup(row => row.Patient, PatientIds.Comparer);
        foreach (var missing in (patients ?? []).Where(patient => !byPatient.Contains(patient)))
            findings.Add(new Finding(ErrorIds.PatientMissing, $"Patient {missing} of the patient list is not in '{Path.GetFileName(csv)}'.")
            {
                Patient = missing,
            });
        var (films, masks) = (Beside(csv, imageFolder, OriginalRoiNames.ImageFolder), Beside(csv, maskFolder, OriginalRoiNames.MaskFolder));
        var imagePrefix = imageType is null ? null : OriginalRoiNames.Prefix(IsCalcification(imageType));
        var images = (patients?.Distinct(PatientIds.Comparer) ?? byPatient.Select(group => group.Key).Order(StringComparer.Ordinal))
            .SelectMany(patient => byPatient[patient].GroupBy(row => row.Film).OrderBy(group => group.Key, StringComparer.Ordinal))
            .Select(film => ImageOf([.. film], Path.Combine(films, $"{imagePrefix}{film.Key}.png"), masks, findings))
            .OfType<MammoImage>()
            .Select(image => ImageLabels.Apply(image, labelling));
        return new DatasetImport(new MammoDataset(Path.GetFileNameWithoutExtension(csv), ImageLabels.Classes(labelling), [.. images]), [.. findings]);
    }

    private static List<Row> Rows(string csv, string? imageType, List<Finding> findings)
    {
        var rows = new List<Row>();
        foreach (var row in CsvTable.Read(csv, imageType is null ? [.. Columns, "type"] : Columns).Rows)
        {
            if (Array.TrueForAll(Columns, column => OriginalRoiNames.IsUsable(row[column])) && row.Integer("abn_num") is { } number)
            {
                // The original asks for "calc" alone, or "Calc" where its option says it; everything else counts as a mass.
                var isCalcification = imageType is null ? row["type"] is "calc" or "Calc" : IsCalcification(imageType);
                rows.Add(new Row(
                    row["patient_id"]!, row["side"]!, row["view"]!, number, row["pathology"]!, row["type"] ?? imageType?.ToLowerInvariant(), isCalcification));
                continue;
            }

            var id = row["patient_id"] is null ? ErrorIds.PatientMissing : ErrorIds.DatasetInvalid;
            const string needs = "it needs a patient, side, view, pathology and a whole number of the lesion, of letters that can be part of a file name";
            findings.Add(new Finding(id, $"Row {row.Number} of '{Path.GetFileName(csv)}' is left out: {needs}.") { Patient = row["patient_id"] });
        }

        return rows;
    }

    private static bool IsCalcification(string imageType) => imageType.StartsWith("calc", StringComparison.OrdinalIgnoreCase);

    private static string Beside(string csv, string? folder, string name)
    {
        var full = Path.GetFullPath(folder ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(csv))!, name));
        if (Directory.Exists(full))
            return full;
        const string usual = $"images lie in {OriginalRoiNames.ImageFolder}, masks in {OriginalRoiNames.MaskFolder} beside the list unless named";
        throw new MammoException(ErrorIds.FileNotFound, $"The folder '{full}' does not exist; {usual}.", "Name the folder.", full);
    }

    /// <summary>One image with its lesions; null if it is left out.</summary>
    private static MammoImage? ImageOf(Row[] rows, string path, string maskFolder, List<Finding> findings)
    {
        var film = rows[0];
        var masks = rows.GroupBy(row => row.MaskName).ToArray();
        if (Array.Find(masks, same => same.DistinctBy(row => row.Pathology).Count() > 1) is { } torn)
        {
            var said = string.Join(" and ", torn.Select(row => row.Pathology).Distinct());
            findings.Add(new Finding(ErrorIds.RowsContradict, $"{film.Film} is left out: lesion {torn.First().Number} is {said}.")
            {
                Subject = path,
                Patient = film.Patient,
            });
            return null;
        }

        if (!File.Exists(path))
        {
            findings.Add(new Finding(ErrorIds.FileNotFound, $"{film.Film} is left out: the image '{path}' does not exist.")
            {
                Subject = path,
                Patient = film.Patient,
            });
            return null;
        }

        return new MammoImage(path)
        {
            Patient = film.Patient,
            Laterality = film.Side,
            View = film.View,
            Rois = [.. masks.Select(same => same.First()).Select(row => new Roi(MaskOf(row, maskFolder, findings))
            {
                Number = row.Number,
                Type = row.Type,
                Pathology = row.Pathology,
            })],
        };
    }

    private static RoiMaskFile? MaskOf(Row row, string folder, List<Finding> findings)
    {
        var path = Path.Combine(folder, row.MaskName);
        if (File.Exists(path))
            return new RoiMaskFile(path);
        var message = $"The ROI mask '{path}' does not exist: the place of the lesion is not known.";
        findings.Add(new Finding(ErrorIds.FileNotFound, message) { Subject = path, Patient = row.Patient });
        return null;
    }

    private sealed record Row(string Patient, string Side, string View, int Number, string Pathology, string? Type, bool IsCalcification)
    {
        public string Film => OriginalRoiNames.Film(Patient, Side, View);

        public string MaskName => OriginalRoiNames.Mask(Film, IsCalcification, Number);
    }
}

/// <summary>
/// Writes a dataset with regions as the original's input: <c>roi_mask_path.csv</c>, <c>pat_lst.txt</c>, the whole images in <c>full_img</c> and a mask for
/// every lesion in <c>roi_mask</c>, drawn from its circle, box or mask, under the names of <c>sample_patches_combined</c>.
/// <see cref="OriginalRoiLists.Read"/> reads it.
/// </summary>
/// <param name="Folder">Where to; made if it is missing.</param>
public sealed record OriginalRoiListWriter(string Folder)
{
    /// <summary>Replace files of the same names.</summary>
    public bool Force { get; init; }

    /// <summary>How DICOM files are read.</summary>
    public DicomOptions Dicom { get; init; } = DicomOptions.Default;

    /// <summary>Called after every image how many are done.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>Ends the work with an <see cref="OperationCanceledException"/>; the list is written last.</summary>
    public CancellationToken CancellationToken { get; init; }

    private string ImageFolder => Path.Combine(Folder, OriginalRoiNames.ImageFolder);

    private string MaskFolder => Path.Combine(Folder, OriginalRoiNames.MaskFolder);

    /// <summary>Writes the images that have lesions, each with all of them or not at all: the original has no others.</summary>
    /// <returns>
    /// What could not be written: images without lesions, without patient, side or view, or with those of another image; lesions without place,
    /// number of their own or pathology; unreadable files; images and masks that would be replaced themselves.
    /// </returns>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileExists"/>: there is such a folder and <see cref="Force"/> is off; <see cref="ErrorIds.DatasetInvalid"/>: no image has
    /// lesions, or none can be written; <see cref="ErrorIds.FolderInUse"/>; <see cref="ErrorIds.FolderUnwritable"/>; <see cref="ErrorIds.FileNotWritten"/>.
    /// </exception>
    public ImmutableArray<Finding> Write(MammoDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        MammoImage[] images = [.. dataset.Images.Where(image => !image.Rois.IsEmpty)];
        if (images.Length == 0)
            throw new MammoException(
                ErrorIds.DatasetInvalid,
                $"No image of '{dataset.Name}' has an annotated lesion: the original's list would be empty.",
                target: dataset.Name);
        using var owner = FolderOwner.Take(Folder);
        foreach (var name in new[] { OriginalRoiNames.List, OriginalRoiNames.PatientList, OriginalRoiNames.ImageFolder, OriginalRoiNames.MaskFolder })
            AtomicFile.CheckFree(Path.Combine(Folder, name), Force);
        var findings = ImmutableArray.CreateBuilder<Finding>();
        if (dataset.Count - images.Length is > 0 and var normal)
        {
            var leftOut = $"Images without a lesion are left out, {normal} of {dataset.Count} in '{dataset.Name}': the original's list has none.";
            findings.Add(new Finding(ErrorIds.RoiEmpty, leftOut));
        }

        var rows = WriteImages(images, findings);
        // An old list must not give way to an empty one.
        if (rows.Count == 0)
            throw new MammoException(
                ErrorIds.DatasetInvalid, $"No image of '{dataset.Name}' can be written. {findings[^1].Message}", "Fix what the message names.", dataset.Name);
        CsvTable.Write(Path.Combine(Folder, OriginalRoiNames.List), ["patient_id", "side", "view", "abn_num", "pathology", "type"], rows);
        PatientList.Write(rows.Select(row => row[0]!).Distinct(StringComparer.Ordinal), Path.Combine(Folder, OriginalRoiNames.PatientList));
        return findings.ToImmutable();
    }

    private List<string?[]> WriteImages(MammoImage[] images, ImmutableArray<Finding>.Builder findings)
    {
        var rows = new List<string?[]>();
        var taken = new HashSet<string>(images.SelectMany(Sources).Select(Path.GetFullPath), StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < images.Length; i++)
        {
            CancellationToken.ThrowIfCancellationRequested();
            var image = images[i];
            try
            {
                rows.AddRange(WriteImage(image, taken, findings));
            }
            catch (MammoException error) when (error.ErrorId != ErrorIds.FileNotWritten)
            {
                findings.Add(new Finding(error.ErrorId, $"'{image.Path}' is left out: {error.Message}") { Subject = image.Path, Patient = image.Patient });
            }

            Progress?.Invoke(i + 1);
        }

        return rows;
    }

    private static IEnumerable<string> Sources(MammoImage image) =>
        image.Rois.Select(roi => roi.Shape).OfType<RoiMaskFile>().SelectMany(mask => new[] { mask.Path, mask.Alternative }).Append(image.Path).OfType<string>();

    private IEnumerable<string?[]> WriteImage(MammoImage image, HashSet<string> taken, ImmutableArray<Finding>.Builder findings)
    {
        var film = FilmOf(image);
        var target = Path.Combine(ImageFolder, $"{film}.png");
        var stored = ImageReader.Read(image.Path, dicom: Dicom);
        string TargetOf(Roi roi) => Path.Combine(MaskFolder, OriginalRoiNames.Mask(film, IsCalcification(roi), roi.Number));

        var masks = image.Rois.Select(roi => (Target: TargetOf(roi), Mask: Draw(roi, stored, findings))).ToArray();
        foreach (var path in masks.Select(mask => mask.Target).Prepend(target))
        {
            if (!taken.Add(Path.GetFullPath(path)))
                throw new MammoException(
                    ErrorIds.ConversionTargetTaken, $"'{path}' would be written twice, or is an image or mask of the dataset itself.", target: path);
        }

        foreach (var mask in masks)
            PngWriter.Write(mask.Target, Framing.Keep(White(stored.Size), mask.Mask));
        PngWriter.Write(target, stored);
        return image.Rois.Select(roi => new[]
        {
            image.Patient,
            image.Laterality,
            image.View,
            roi.Number.ToString(CultureInfo.InvariantCulture),
            roi.Pathology,
            IsCalcification(roi) ? "calc" : "mass",
        });
    }

    private static string FilmOf(MammoImage image)
    {
        if (OriginalRoiNames.IsUsable(image.Patient) && OriginalRoiNames.IsUsable(image.Laterality) && OriginalRoiNames.IsUsable(image.View))
            return OriginalRoiNames.Film(image.Patient!, image.Laterality!, image.View!);
        const string needs = "the original's names need a patient, a side and a view, without commas, slashes and other signs that no file name has";
        throw new MammoException(ErrorIds.PatientMissing, $"{needs}.", target: image.Path);
    }

    private static bool IsCalcification(Roi roi) => roi.IsCalcification == true;

    private static Mask Draw(Roi roi, GreyImage stored, ICollection<Finding> findings)
    {
        if (roi.Shape is null || !OriginalRoiNames.IsUsable(roi.Pathology))
            throw new MammoException(ErrorIds.RoiEmpty, $"lesion {roi.Number} has no place, or no pathology that the list can hold.");
        var mask = RoiRaster.Draw(roi.Shape, stored.Size, stored.Size, findings, stored.Turn);
        return mask.Count > 0 ? mask : throw new MammoException(ErrorIds.RoiEmpty, $"lesion {roi.Number} ({roi.Shape}) has no pixel in the image.");
    }

    private static GreyImage White(ImageSize size)
    {
        var pixels = new ushort[size.Height * size.Width];
        pixels.AsSpan().Fill(byte.MaxValue);
        return new GreyImage(size.Height, size.Width, 8, pixels);
    }
}

/// <summary>The original's patient lists: text, one id a line, no header.</summary>
public static class PatientList
{
    /// <summary>Reads the ids in their order; blank lines are passed over.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.DatasetInvalid"/>: it cannot be read.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        try
        {
            if (FileContent.NameOf(path) is { } name && !FileContent.IsList(name) && InputFile.LengthOf(path) > 0)
                throw new MammoException(
                    ErrorIds.DatasetInvalid, $"'{path}' is {name}, where a list of patients is wanted.", "Give text with one id a line.", path);
            return [.. InputFile.Lines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw InputFile.ErrorOf("patient list", path, error)
                ?? new MammoException(ErrorIds.DatasetInvalid, $"The patient list '{path}' cannot be read: {error.Message}.", target: path, inner: error);
        }
    }

    /// <summary>Writes ids in their order; the file appears whole or not at all.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>.</exception>
    public static void Write(IEnumerable<string> patients, string path)
    {
        ArgumentNullException.ThrowIfNull(patients);
        var text = string.Concat(patients.Select(patient => patient + "\n"));
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }
}

/// <summary>The names of the original's files.</summary>
internal static class OriginalRoiNames
{
    public const string List = "roi_mask_path.csv";
    public const string PatientList = "pat_lst.txt";
    public const string ImageFolder = "full_img";
    public const string MaskFolder = "roi_mask";

    // What would leave the folder or the field of the list, or is no name on Windows.
    private static readonly SearchValues<char> Unusable = SearchValues.Create("/\\,\"\n\r\0:*?<>|");

    /// <summary>The beginning of masks' names, and of images' where all are of one type.</summary>
    public static string Prefix(bool isCalcification) => isCalcification ? "Calc-Training_" : "Mass-Training_";

    /// <summary>An image's name without its extension, as <c>sample_patches_combined</c> has it.</summary>
    public static string Film(string patient, string side, string view) => $"{patient}_{side}_{view}";

    public static string Mask(string film, bool isCalcification, int number) => FormattableString.Invariant($"{Prefix(isCalcification)}{film}_{number}.png");

    /// <summary>Whether a text can be a part of such a name and a field of the list.</summary>
    public static bool IsUsable(string? text) => text is { Length: > 0 } && text.Trim().Length == text.Length && !text.AsSpan().ContainsAny(Unusable);
}
