using System.Collections.Immutable;

namespace Mammo.Data.Datasets;

/// <summary>Reads CBIS-DDSM's official lists.</summary>
internal static class CbisDdsmList
{
    private static readonly string[] Columns =
        ["patient_id", "left or right breast", "image view", "abnormality id", "abnormality type", "pathology", "image file path", "cropped image file path", "ROI mask file path"];

    /// <summary>All usable rows; those without patient, view, number, pathology or path become findings.</summary>
    /// <exception cref="MammoException">The file is missing or is not one of the lists.</exception>
    public static ImmutableArray<CbisDdsmRow> Read(string csv, ICollection<DatasetFinding> findings)
    {
        var rows = ImmutableArray.CreateBuilder<CbisDdsmRow>();
        foreach (var row in CsvTable.Read(csv, Columns).Rows)
        {
            if (Problem(row) is { } problem)
            {
                var id = row["patient_id"] is null ? ErrorIds.PatientMissing : ErrorIds.DatasetInvalid;
                findings.Add(new DatasetFinding(id, $"Row {row.Number} of '{Path.GetFileName(csv)}' is left out: {problem}.") { Patient = row["patient_id"] });
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
            });
        }

        return rows.ToImmutable();
    }

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
