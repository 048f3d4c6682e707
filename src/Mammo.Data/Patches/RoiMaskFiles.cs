using Mammo.Data.Datasets;
using Mammo.Data.Rois;

namespace Mammo.Data.Patches;

/// <summary>Finds images and masks by the names that the original makes of its list.</summary>
/// <param name="imageFolder">Full path of the whole images' folder.</param>
/// <param name="maskFolder">Full path of the masks' folder.</param>
/// <param name="imageType">Mass or Calc where all files are of that type; null where the rows tell it.</param>
internal sealed class RoiMaskFiles(string imageFolder, string maskFolder, string? imageType)
{
    private readonly string? _prefix = imageType is null ? null : imageType.StartsWith("calc", StringComparison.OrdinalIgnoreCase) ? RoiMaskNames.Calcification : RoiMaskNames.Mass;

    /// <summary>One image with its abnormalities; null if it is left out.</summary>
    public MammoImage? Image(string view, CsvRow[] rows, List<Finding> findings)
    {
        var patient = rows[0]["patient_id"];
        var path = Path.Combine(imageFolder, $"{_prefix}{view}.png");
        var masks = rows.GroupBy(row => FormattableString.Invariant($"{_prefix ?? RoiMaskNames.Prefix(row["type"])}{view}_{row.Integer("abn_num")}.png")).ToArray();
        if (Array.Find(masks, same => same.DistinctBy(row => row["pathology"]).Count() > 1) is { } torn)
        {
            var said = string.Join(" and ", torn.Select(row => row["pathology"]).Distinct());
            findings.Add(new Finding(ErrorIds.RowsContradict, $"{view} is left out: abnormality {torn.First().Integer("abn_num")} is {said}.") { Subject = path, Patient = patient });
            return null;
        }

        if (!File.Exists(path))
        {
            findings.Add(new Finding(ErrorIds.FileNotFound, $"{view} is left out: the image '{path}' does not exist.") { Subject = path, Patient = patient });
            return null;
        }

        return new MammoImage(path)
        {
            Patient = patient,
            Laterality = rows[0]["side"],
            View = rows[0]["view"],
            Rois = [.. masks.Select(same => new Roi(Mask(same.Key, patient, findings))
            {
                Number = same.First().Integer("abn_num")!.Value,
                Type = same.First()["type"] ?? imageType?.ToLowerInvariant(),
                Pathology = same.First()["pathology"],
            })],
        };
    }

    private RoiMask? Mask(string name, string? patient, List<Finding> findings)
    {
        var path = Path.Combine(maskFolder, name);
        if (File.Exists(path))
            return new RoiMask(path);
        findings.Add(new Finding(ErrorIds.FileNotFound, $"The ROI mask '{path}' does not exist: the place of the abnormality is not known.") { Subject = path, Patient = patient });
        return null;
    }
}
