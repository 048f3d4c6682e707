using System.Collections.Immutable;
using Mammo.Data.Rois;

namespace Mammo.Data.Datasets;

/// <summary>
/// Regions of interest in a general CSV: columns <c>roi_mask</c>, or <c>roi_x</c>, <c>roi_y</c> and <c>roi_radius</c> for the centre and radius of a circle, or <c>roi_x</c>, <c>roi_y</c>,
/// <c>roi_width</c> and <c>roi_height</c> for a box and its top left pixel; <c>roi_number</c>, <c>roi_type</c> and <c>pathology</c>. Rows of one path are one image with several regions.
/// <c>roi_mask_alternative</c> is a file that may have been exchanged with the mask (<see cref="RoiMask.Alternative"/>).
/// </summary>
public static class RoiColumns
{
    /// <summary>Reads a CSV by <see cref="DatasetCsv.Read"/>, with the regions of its images where it tells of any (<c>roi_mask</c>, <c>roi_x</c> or <c>roi_number</c>).</summary>
    /// <param name="csv">CSV file.</param>
    /// <param name="classes">Classes in the order of the labels, or null.</param>
    /// <param name="columns">The file's own names for its columns, those of regions included, where they differ.</param>
    /// <returns>Without them every row is an image; findings as those of <see cref="Apply"/>.</returns>
    /// <exception cref="MammoException">See <see cref="DatasetCsv.Read"/>; <see cref="ErrorIds.DatasetInvalid"/> also for a column of <paramref name="columns"/> without values.</exception>
    public static DatasetImport Read(string csv, IReadOnlyList<string>? classes = null, IReadOnlyDictionary<string, string>? columns = null)
    {
        var byKind = (columns ?? ImmutableDictionary<string, string>.Empty).ToLookup(pair => RoiRow.Meanings.Contains(pair.Key, StringComparer.OrdinalIgnoreCase));
        var ofRegions = byKind[true].ToDictionary(StringComparer.OrdinalIgnoreCase);
        var dataset = DatasetCsv.Read(csv, classes, columns is null ? null : byKind[false].ToDictionary(StringComparer.OrdinalIgnoreCase));
        var missing = ofRegions.FirstOrDefault(pair => !dataset.Images.Any(image => image.Extra.ContainsKey(pair.Value)));
        if (missing.Value is not null)
            throw new MammoException(ErrorIds.DatasetInvalid, $"The data set '{csv}' has no column '{missing.Value}' for '{missing.Key}', or nothing in it.", target: csv);
        var isAnnotated = RoiRow.Marks.Select(place => ofRegions.GetValueOrDefault(place, place)).Any(name => dataset.Images.Any(image => image.Extra.ContainsKey(name)));
        return isAnnotated ? Apply(dataset, Path.GetDirectoryName(Path.GetFullPath(csv))!, ofRegions) : new DatasetImport(dataset, []);
    }

    /// <summary>Makes regions of the further columns of a dataset that was read from a CSV (<see cref="DatasetCsv"/>).</summary>
    /// <param name="dataset">One image a row.</param>
    /// <param name="folder">Where relative paths of masks start: the CSV's folder.</param>
    /// <param name="columns">The file's own names for the columns, where they differ.</param>
    /// <returns>One image a path; findings: rows of one image that contradict each other, places that are not given in full.</returns>
    /// <exception cref="MammoException"><see cref="ErrorIds.DatasetInvalid"/>: <paramref name="columns"/> names an unknown meaning.</exception>
    public static DatasetImport Apply(MammoDataset dataset, string folder, IReadOnlyDictionary<string, string>? columns = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var names = RoiRow.Meanings.ToDictionary(meaning => meaning, meaning => meaning, StringComparer.OrdinalIgnoreCase);
        foreach (var (meaning, name) in columns ?? ImmutableDictionary<string, string>.Empty)
        {
            if (!names.ContainsKey(meaning))
                throw new MammoException(ErrorIds.DatasetInvalid, $"A column is given for '{meaning}'; the meanings are {string.Join(", ", RoiRow.Meanings)}.");
            names[meaning] = name;
        }

        var findings = ImmutableArray.CreateBuilder<Finding>();
        var images = ImmutableArray.CreateBuilder<MammoImage>();
        foreach (var group in dataset.Images.GroupBy(image => image.Path, StringComparer.Ordinal))
        {
            MammoImage[] rows = [.. group];
            if (Contradiction(rows) is { } contradiction)
            {
                findings.Add(new Finding(ErrorIds.RowsContradict, $"'{group.Key}' is left out: its {contradiction}.")
                {
                    Subject = group.Key,
                    Patient = rows[0].Patient,
                });
                continue;
            }

            ImmutableArray<Roi> rois = [.. rows.Select((row, i) => RoiOf(row, i + 1, names, folder, findings)).OfType<Roi>()];
            images.Add(rois.IsEmpty ? rows[0] : rows[0] with { Extra = rows[0].Extra.RemoveRange(names.Values), Rois = rois });
        }

        return new DatasetImport(dataset with { Images = images.ToImmutable() }, findings.ToImmutable());
    }

    private static string? Contradiction(MammoImage[] rows)
    {
        (string Name, Func<MammoImage, object?> Value)[] columns =
        [
            ("label", row => row.Class ?? $"{row.Label}"), ("patient", row => row.Patient), ("laterality", row => row.Laterality), ("view", row => row.View), ("weight", row => row.SampleWeight),
        ];
        foreach (var (name, value) in columns)
        {
            object?[] values = [.. rows.Select(value).Distinct()];
            if (values.Length > 1)
                return FormattableString.Invariant($"{name} is {string.Join(" and ", values.Select(said => FormattableString.Invariant($"{said ?? "missing"}")))}");
        }

        return null;
    }

    /// <summary>
    /// Writes a dataset with its regions so that <see cref="Read"/> with the same classes gives it back; paths as <see cref="DatasetCsv.Write"/> does, those of masks too.
    /// A further column whose name has a meaning gets another name.
    /// </summary>
    /// <param name="dataset">Images to write.</param>
    /// <param name="csv">CSV file; overwritten.</param>
    /// <returns>What the file cannot say: an order of classes other than that of their names, the same image twice with regions, a further column of a reserved name.</returns>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>: the file system refuses.</exception>
    public static ImmutableArray<Finding> Write(MammoDataset dataset, string csv)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentException.ThrowIfNullOrEmpty(csv);
        var rows = new RoiColumnRows(Path.GetDirectoryName(Path.GetFullPath(csv))!, dataset);
        DatasetCsv.Write(dataset with { Images = rows.Images }, csv);
        return rows.Findings;
    }

    private static Roi? RoiOf(MammoImage image, int position, Dictionary<string, string> names, string folder, ImmutableArray<Finding>.Builder findings)
    {
        var row = new RoiRow(meaning => image.Extra.GetValueOrDefault(names[meaning])?.Trim());
        var roi = row.Region(position, folder);
        if (roi is { Shape: null } && row.HasPlace)
        {
            const string needs = "it needs x, y and a radius, or x, y, width and height in whole pixels, as numbers with a decimal point";
            findings.Add(new Finding(ErrorIds.RoiEmpty, $"The place of an abnormality of '{image.Path}' is not known: {needs}.")
            {
                Subject = image.Path,
                Patient = image.Patient,
            });
        }

        return roi;
    }
}
