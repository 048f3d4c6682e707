using System.Collections.Immutable;

namespace Mammo.Data.Datasets;

/// <summary>The images of a dataset as the rows of a CSV: one a region, its place in further columns.</summary>
internal sealed class RoiColumnRows
{
    private readonly string _folder;
    private readonly bool _isAnnotated;
    private readonly Dictionary<string, string> _renamed = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="folder">Where the CSV will be.</param>
    /// <param name="dataset">Its images.</param>
    public RoiColumnRows(string folder, MammoDataset dataset)
    {
        (_folder, _isAnnotated) = (folder, dataset.Images.Any(image => !image.Rois.IsEmpty));
        // In a table with regions, rows of one path are one image.
        var images = _isAnnotated ? [.. dataset.Images.DistinctBy(image => image.Path, StringComparer.Ordinal)] : dataset.Images;
        Images = [.. images.SelectMany(RowsOf)];
        Findings = [.. Twice(dataset.Images, images.Length), .. Renamed(), .. ClassOrder(dataset)];
    }

    public ImmutableArray<MammoImage> Images { get; }

    public ImmutableArray<Finding> Findings { get; }

    private IEnumerable<MammoImage> RowsOf(MammoImage image)
    {
        var plain = image with { Rois = [], Extra = FreeNames(image) };
        return image.Rois.IsEmpty ? [plain] : image.Rois.Select(roi => plain with { Extra = plain.Extra.SetItems(RoiRow.Of(roi, _folder)) });
    }

    private ImmutableSortedDictionary<string, string> FreeNames(MammoImage image)
    {
        string[] reserved = [.. DatasetColumns.All, .. IsTakenForRegion(image) ? RoiRow.Meanings : RoiRow.Marks];
        var extra = image.Extra;
        foreach (var (name, value) in image.Extra.Where(pair => reserved.Contains(pair.Key, StringComparer.OrdinalIgnoreCase)))
        {
            var other = "other_" + name;
            while (extra.ContainsKey(other))
                other = "other_" + other;
            extra = extra.Remove(name).Add(other, value);
            _renamed[name] = other;
        }

        return extra;
    }

    // A pathology of the image alone may keep its column where it would not be read as a region's.
    private bool IsTakenForRegion(MammoImage image) =>
        _isAnnotated && (!image.Rois.IsEmpty || new RoiRow(meaning => image.Extra.GetValueOrDefault(meaning)?.Trim()).Region(1, _folder) is not null);

    private static IEnumerable<Finding> Twice(ImmutableArray<MammoImage> images, int written) => images.Length == written
        ? []
        : images.GroupBy(image => image.Path, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => new Finding(
            ErrorIds.ImageTwice, $"'{same.Key}' is {same.Count()} times in the data set; it is written once, with the regions of the first.")
        {
            Subject = same.Key,
            Patient = same.First().Patient,
        });

    private IEnumerable<Finding> Renamed() => _renamed.Select(pair => new Finding(
        ErrorIds.ListIncomplete, $"The further column '{pair.Key}' is written as '{pair.Value}': its own name has a meaning in a list."));

    private static IEnumerable<Finding> ClassOrder(MammoDataset dataset) => DatasetLabels.IsToldBy(dataset.Images.Select(image => image.Class), dataset.Classes)
        ? []
        : [new Finding(ErrorIds.ListIncomplete, $"The list does not say which classes there are and in what order: read it with -Class {string.Join(", ", dataset.Classes)}.")];
}
