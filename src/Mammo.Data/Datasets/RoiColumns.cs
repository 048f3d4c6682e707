using System.Collections.Immutable;
using System.Globalization;
using Mammo.Data.Images;

namespace Mammo.Data.Datasets;

/// <summary>
/// Regions of interest in a general CSV: columns <c>roi_mask</c>, or <c>roi_x</c>, <c>roi_y</c> and <c>roi_radius</c> for the centre and radius of a circle, or <c>roi_x</c>, <c>roi_y</c>,
/// <c>roi_width</c> and <c>roi_height</c> for a box and its top left pixel; <c>roi_number</c>, <c>roi_type</c> and <c>pathology</c>. Rows of one path are one image with several regions.
/// </summary>
public static class RoiColumns
{
    private static readonly string[] Places = ["roi_mask", "roi_x"];
    private static readonly string[] Meanings = ["roi_mask", "roi_x", "roi_y", "roi_radius", "roi_width", "roi_height", "roi_number", "roi_type", "pathology"];

    /// <summary>Reads a CSV by <see cref="DatasetCsv.Read"/>, with the regions of its images where it tells their places (<c>roi_mask</c> or <c>roi_x</c>).</summary>
    /// <param name="csv">CSV file.</param>
    /// <param name="classes">Classes in the order of the labels, or null.</param>
    /// <param name="columns">The file's own names for its columns, those of regions included, where they differ.</param>
    /// <returns>Without places every row is an image; findings as those of <see cref="Apply"/>.</returns>
    /// <exception cref="MammoException">See <see cref="DatasetCsv.Read"/>; <see cref="ErrorIds.DatasetInvalid"/> also for a column of <paramref name="columns"/> without values.</exception>
    public static DatasetImport Read(string csv, IReadOnlyList<string>? classes = null, IReadOnlyDictionary<string, string>? columns = null)
    {
        var byKind = (columns ?? ImmutableDictionary<string, string>.Empty).ToLookup(pair => Meanings.Contains(pair.Key, StringComparer.OrdinalIgnoreCase));
        var ofRegions = byKind[true].ToDictionary(StringComparer.OrdinalIgnoreCase);
        var dataset = DatasetCsv.Read(csv, classes, columns is null ? null : byKind[false].ToDictionary(StringComparer.OrdinalIgnoreCase));
        var missing = ofRegions.FirstOrDefault(pair => !dataset.Images.Any(image => image.Extra.ContainsKey(pair.Value)));
        if (missing.Value is not null)
            throw new MammoException(ErrorIds.DatasetInvalid, $"The data set '{csv}' has no column '{missing.Value}' for '{missing.Key}', or nothing in it.", target: csv);
        var isAnnotated = Places.Select(place => ofRegions.GetValueOrDefault(place, place)).Any(name => dataset.Images.Any(image => image.Extra.ContainsKey(name)));
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
        var names = Meanings.ToDictionary(meaning => meaning, meaning => meaning, StringComparer.OrdinalIgnoreCase);
        foreach (var (meaning, name) in columns ?? ImmutableDictionary<string, string>.Empty)
        {
            if (!names.ContainsKey(meaning))
                throw new MammoException(ErrorIds.DatasetInvalid, $"A column is given for '{meaning}'; the meanings are {string.Join(", ", Meanings)}.");
            names[meaning] = name;
        }

        var findings = ImmutableArray.CreateBuilder<DatasetFinding>();
        var images = ImmutableArray.CreateBuilder<MammoImage>();
        foreach (var group in dataset.Images.GroupBy(image => image.Path, StringComparer.Ordinal))
        {
            MammoImage[] rows = [.. group];
            if (rows.Select(row => (row.Label, row.Patient, row.Laterality, row.View, row.SampleWeight)).Distinct().Count() > 1)
            {
                findings.Add(new DatasetFinding(ErrorIds.RowsContradict, $"'{group.Key}' is left out: its rows differ in label, patient, laterality, view or weight.")
                {
                    Path = group.Key,
                    Patient = rows[0].Patient,
                });
                continue;
            }

            var extra = rows[0].Extra.RemoveRange(names.Values);
            images.Add(rows[0] with { Extra = extra, Rois = [.. rows.Select((row, i) => RoiOf(row, i + 1, names, folder, findings)).OfType<Roi>()] });
        }

        return new DatasetImport(dataset with { Images = images.ToImmutable() }, findings.ToImmutable());
    }

    /// <summary>The other way: one row a region, its place in further columns, for <see cref="DatasetCsv.Write"/>. Masks get their full paths.</summary>
    public static MammoDataset ToColumns(MammoDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return dataset with { Images = [.. dataset.Images.SelectMany(image => image.Rois.IsEmpty ? [image] : image.Rois.Select(roi => RowOf(image, roi)))] };
    }

    private static MammoImage RowOf(MammoImage image, Roi roi)
    {
        var place = roi.Shape switch
        {
            RoiMask mask => [("roi_mask", mask.Path)],
            RoiCircle circle => [("roi_x", Text(circle.X)), ("roi_y", Text(circle.Y)), ("roi_radius", Text(circle.Radius))],
            RoiBox { Box: var box } => [("roi_x", Text(box.X)), ("roi_y", Text(box.Y)), ("roi_width", Text(box.Width)), ("roi_height", Text(box.Height))],
            _ => Array.Empty<(string, string)>(),
        };
        (string Name, string? Value)[] columns = [.. place, ("roi_number", Text(roi.Number)), ("roi_type", roi.Type), ("pathology", roi.Pathology)];
        return image with { Rois = [], Extra = image.Extra.SetItems(columns.Where(column => column.Value is not null).Select(column => KeyValuePair.Create(column.Name, column.Value!))) };

        static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
    }

    private static Roi? RoiOf(MammoImage row, int position, Dictionary<string, string> names, string folder, ImmutableArray<DatasetFinding>.Builder findings)
    {
        string? Text(string meaning) => row.Extra.GetValueOrDefault(names[meaning])?.Trim();

        if (Array.TrueForAll(Meanings, meaning => Text(meaning) is null))
            return null;
        var shape = ShapeOf(Text, folder);
        if (shape is null && Text("roi_x") is not null)
        {
            const string needs = "it needs x, y and a radius, or x, y, width and height in whole pixels, as numbers with a decimal point";
            findings.Add(new DatasetFinding(ErrorIds.RoiEmpty, $"The place of an abnormality of '{row.Path}' is not known: {needs}.")
            {
                Path = row.Path,
                Patient = row.Patient,
            });
        }

        return new Roi(shape)
        {
            Number = int.TryParse(Text("roi_number"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : position,
            Type = Text("roi_type"),
            Pathology = Text("pathology"),
        };
    }

    private static RoiShape? ShapeOf(Func<string, string?> text, string folder)
    {
        double? Value(string meaning) => double.TryParse(text(meaning), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) < 1e6 ? value : null;

        if (text("roi_mask") is { } mask)
            return new RoiMask(Path.GetFullPath(mask, Path.GetFullPath(folder)));
        if (Value("roi_x") is not { } x || Value("roi_y") is not { } y)
            return null;
        if (Value("roi_radius") is { } radius and >= 0)
            return new RoiCircle(x, y, radius);
        return Value("roi_width") is { } width and >= 1 && Value("roi_height") is { } height and >= 1 && new[] { x, y, width, height }.All(double.IsInteger)
            ? new RoiBox(new PixelBox((int)x, (int)y, (int)width, (int)height))
            : null;
    }
}
