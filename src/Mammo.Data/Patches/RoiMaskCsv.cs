using Mammo.Data.Datasets;

namespace Mammo.Data.Patches;

/// <summary>
/// The input of the original's patch sampling: <c>roi_mask_path.csv</c> with the columns patient_id, side, view, abn_num, pathology and, for
/// calcifications and masses together, type; images and masks by the names that the original makes of these.
/// </summary>
public static class RoiMaskCsv
{
    private static readonly string[] Columns = ["patient_id", "side", "view", "abn_num", "pathology"];

    /// <summary>
    /// Reads the list. Images are <c>{patient}_{side}_{view}.png</c> and masks <c>{Calc|Mass}-Training_{patient}_{side}_{view}_{number}.png</c>; with an image type
    /// (the original's <c>--itype</c>) both begin with <c>{type}-Training_</c>.
    /// </summary>
    /// <param name="path">The list, or the folder that holds it as <c>roi_mask_path.csv</c>.</param>
    /// <param name="imageFolder">Folder of the whole images; null is <c>full_img</c> beside the list.</param>
    /// <param name="maskFolder">Folder of the masks; null is <c>roi_mask</c> beside the list.</param>
    /// <param name="imageType">Mass or Calc for <c>sample_patches_main</c>; null for <c>sample_patches_combined</c>, which needs the column type.</param>
    /// <param name="patients">Take only these patients, in this order; null takes all in ordinal order.</param>
    /// <param name="labelling">What the classes say; BENIGN_WITHOUT_CALLBACK counts as benign.</param>
    /// <returns>The images that were found. Findings: missing images and masks, patients who are not in the list, rows that lack something or contradict each other.</returns>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotFound"/>: list or folder; <see cref="ErrorIds.DatasetInvalid"/>: not such a list.</exception>
    public static DatasetImport Read(
        string path,
        string? imageFolder = null,
        string? maskFolder = null,
        string? imageType = null,
        IReadOnlyList<string>? patients = null,
        ImageLabelling labelling = ImageLabelling.Malignancy)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var csv = Directory.Exists(path) ? Path.Combine(path, RoiMaskNames.List) : path;
        var findings = new List<DatasetFinding>();
        CsvRow[] rows = [.. CsvTable.Read(csv, imageType is null ? [.. Columns, "type"] : Columns).Rows.Where(row => IsUsable(row, csv, findings))];
        var byPatient = rows.ToLookup(row => row["patient_id"]!, StringComparer.Ordinal);
        foreach (var missing in (patients ?? []).Where(patient => !byPatient.Contains(patient)))
            findings.Add(new DatasetFinding(ErrorIds.PatientMissing, $"Patient {missing} of the patient list is not in '{Path.GetFileName(csv)}'.") { Patient = missing });
        var files = new RoiMaskFiles(Beside(csv, imageFolder, RoiMaskNames.ImageFolder), Beside(csv, maskFolder, RoiMaskNames.MaskFolder), imageType);
        var images = (patients?.Distinct(StringComparer.Ordinal) ?? byPatient.Select(group => group.Key).Order(StringComparer.Ordinal))
            .SelectMany(patient => byPatient[patient].GroupBy(row => $"{patient}_{row["side"]}_{row["view"]}").OrderBy(group => group.Key, StringComparer.Ordinal))
            .Select(group => files.Image(group.Key, [.. group], findings))
            .OfType<MammoImage>()
            .Select(image => ImageLabels.Apply(image, labelling));
        return new DatasetImport(new MammoDataset(Path.GetFileNameWithoutExtension(csv), ImageLabels.Classes(labelling), [.. images]), [.. findings]);
    }

    private static string Beside(string csv, string? folder, string name)
    {
        var full = Path.GetFullPath(folder ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(csv))!, name));
        return Directory.Exists(full) ? full : throw new MammoException(
            ErrorIds.FileNotFound, $"The folder '{full}' does not exist; images lie in {RoiMaskNames.ImageFolder}, masks in {RoiMaskNames.MaskFolder} beside the list unless named.", "Name the folder.", full);
    }

    private static bool IsUsable(CsvRow row, string csv, List<DatasetFinding> findings)
    {
        if (Array.TrueForAll(Columns, column => RoiMaskNames.IsUsable(row[column])) && row.Integer("abn_num") is not null)
            return true;
        var id = row["patient_id"] is null ? ErrorIds.PatientMissing : ErrorIds.DatasetInvalid;
        const string needs = "it needs a patient, side, view, pathology and a whole number of the abnormality, of letters that can be part of a file name";
        findings.Add(new DatasetFinding(id, $"Row {row.Number} of '{Path.GetFileName(csv)}' is left out: {needs}.") { Patient = row["patient_id"] });
        return false;
    }
}
