using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Mammo.Data.Datasets;
using Mammo.Data.Images;

namespace Mammo.Data.Patches;

/// <summary>
/// The input of the original's patch sampling: <c>roi_mask_path.csv</c> with the columns patient_id, side, view, abn_num, pathology and, for
/// calcifications and masses together, type; images and masks by the names that the original makes of these.
/// </summary>
public static class RoiMaskCsv
{
    private static readonly SearchValues<char> Unusable = SearchValues.Create("/\\,\"\n\r");
    private static readonly string[] Columns = ["patient_id", "side", "view", "abn_num", "pathology"];

    /// <summary>
    /// Reads the list. Images are <c>{patient}_{side}_{view}.png</c> and masks <c>{Calc|Mass}-Training_{patient}_{side}_{view}_{number}.png</c>; with an image type
    /// (the original's <c>--itype</c>) both begin with <c>{type}-Training_</c>. Whether they exist is not looked at.
    /// </summary>
    /// <param name="csv">The list.</param>
    /// <param name="imageFolder">Folder of the whole images.</param>
    /// <param name="maskFolder">Folder of the masks.</param>
    /// <param name="imageType">Mass or Calc for <c>sample_patches_main</c>; null for <c>sample_patches_combined</c>, which needs the column type.</param>
    /// <param name="patients">Take only these patients, in this order; null takes all in ordinal order.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.DatasetInvalid"/>: not such a list.</exception>
    public static DatasetImport Read(string csv, string imageFolder, string maskFolder, string? imageType = null, IReadOnlyList<string>? patients = null)
    {
        var findings = new List<DatasetFinding>();
        CsvRow[] rows = [.. CsvTable.Read(csv, imageType is null ? [.. Columns, "type"] : Columns).Where(row => IsUsable(row, csv, findings))];
        var byPatient = rows.ToLookup(row => row["patient_id"]!, StringComparer.Ordinal);
        foreach (var missing in (patients ?? []).Where(patient => !byPatient.Contains(patient)))
            findings.Add(new DatasetFinding(ErrorIds.PatientMissing, $"Patient {missing} of the patient list is not in '{Path.GetFileName(csv)}'.") { Patient = missing });
        var images = (patients ?? [.. byPatient.Select(group => group.Key).Order(StringComparer.Ordinal)])
            .SelectMany(patient => byPatient[patient].GroupBy(row => $"{patient}_{row["side"]}_{row["view"]}").OrderBy(group => group.Key, StringComparer.Ordinal))
            .Select(group => ImageLabels.Apply(ImageOf(group.Key, [.. group], imageFolder, maskFolder, imageType), ImageLabelling.Malignancy));
        var name = Path.GetFileNameWithoutExtension(csv);
        return new DatasetImport(new MammoDataset(name, ImageLabels.Classes(ImageLabelling.Malignancy), [.. images]), [.. findings]);
    }

    /// <summary>
    /// Writes a dataset with regions as the original's input into a folder: <c>roi_mask_path.csv</c>, <c>pat_lst.txt</c>, the whole images in <c>full_img</c> and a
    /// mask for every abnormality in <c>roi_mask</c>, drawn from its circle, box or mask, under the names of <c>sample_patches_combined</c>.
    /// </summary>
    /// <returns>What could not be written: images without patient, side or view, abnormalities without place, number of their own or pathology, unreadable files.</returns>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>.</exception>
    public static ImmutableArray<DatasetFinding> Write(MammoDataset dataset, string folder)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var findings = ImmutableArray.CreateBuilder<DatasetFinding>();
        var rows = new List<string> { "patient_id,side,view,abn_num,pathology,type" };
        var patients = new List<string>();
        var masks = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var image in dataset.Images.Where(image => !image.Rois.IsEmpty))
        {
            try
            {
                rows.AddRange(WriteImage(image, folder, masks));
                patients.Add(image.Patient!);
            }
            catch (MammoException error) when (error.ErrorId != ErrorIds.FileNotWritten)
            {
                findings.Add(new DatasetFinding(error.ErrorId, $"'{image.Path}' is left out: {error.Message}") { Path = image.Path, Patient = image.Patient });
            }
        }

        AtomicFile.Write(Path.Combine(folder, "roi_mask_path.csv"), stream => stream.Write(Encoding.UTF8.GetBytes(string.Join('\n', rows) + "\n")));
        PatientList.Write(patients.Distinct(StringComparer.Ordinal), Path.Combine(folder, "pat_lst.txt"));
        return findings.ToImmutable();
    }

    private static bool IsUsable(CsvRow row, string csv, List<DatasetFinding> findings)
    {
        if (row["patient_id"] is not null && row["side"] is not null && row["view"] is not null && row["pathology"] is not null && row.Integer("abn_num") is not null)
            return true;
        var id = row["patient_id"] is null ? ErrorIds.PatientMissing : ErrorIds.DatasetInvalid;
        findings.Add(new DatasetFinding(id, $"Row {row.Number} of '{Path.GetFileName(csv)}' is left out: it needs a patient, side, view, pathology and a whole number of the abnormality."));
        return false;
    }

    private static MammoImage ImageOf(string view, CsvRow[] rows, string imageFolder, string maskFolder, string? imageType)
    {
        string PathIn(string folder, string prefix, string suffix = "") => Path.GetFullPath(Path.Combine(folder, $"{prefix}{view}{suffix}.png"));

        return new MammoImage(PathIn(imageFolder, imageType is null ? string.Empty : imageType + "-Training_"))
        {
            Patient = rows[0]["patient_id"],
            Laterality = rows[0]["side"],
            View = rows[0]["view"],
            Rois = [.. rows.Select(row => new Roi(new RoiMask(PathIn(maskFolder, Prefix(imageType ?? row["type"]), $"_{row.Integer("abn_num")}")))
            {
                Number = row.Integer("abn_num")!.Value,
                Type = row["type"] ?? imageType?.ToLowerInvariant(),
                Pathology = row["pathology"],
            })],
        };
    }

    // The original asks for "calc" alone; everything else counts as a mass.
    private static string Prefix(string? type) => type is "calc" or "Calc" ? "Calc-Training_" : "Mass-Training_";

    private static IEnumerable<string> WriteImage(MammoImage image, string folder, HashSet<string> masks)
    {
        if (image is not { Patient: { } patient, Laterality: { } side, View: { } view } || new[] { patient, side, view }.Any(text => text.AsSpan().ContainsAny(Unusable)))
            throw new MammoException(ErrorIds.PatientMissing, "the original's names need a patient, a side and a view, without commas and slashes.");
        var stored = ImageReader.Read(image.Path);
        var rows = new List<string>();
        foreach (var roi in image.Rois)
        {
            var type = PatchClasses.IsCalcification(roi.Type ?? string.Empty) ? "calc" : "mass";
            var name = FormattableString.Invariant($"{Prefix(type)}{patient}_{side}_{view}_{roi.Number}.png");
            if (roi.Shape is null || roi.Pathology is null || !masks.Add(name))
                throw new MammoException(ErrorIds.RoiEmpty, $"abnormality {roi.Number} has no place or pathology, or its number twice.");
            PngWriter.Write(Path.Combine(folder, "roi_mask", name), Framing.Keep(White(stored.Size), RoiRaster.Draw(roi.Shape, stored.Size, stored.Size)));
            rows.Add(FormattableString.Invariant($"{patient},{side},{view},{roi.Number},{roi.Pathology},{type}"));
        }

        PngWriter.Write(Path.Combine(folder, "full_img", $"{patient}_{side}_{view}.png"), stored);
        return rows;
    }

    private static GreyImage White(ImageSize size)
    {
        var pixels = new ushort[size.Height * size.Width];
        pixels.AsSpan().Fill(byte.MaxValue);
        return new GreyImage(size.Height, size.Width, 8, pixels);
    }
}
