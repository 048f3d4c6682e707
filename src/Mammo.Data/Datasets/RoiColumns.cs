using System.Collections.Immutable;
using System.Globalization;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Rois;

namespace Mammo.Data.Datasets;

/// <summary>Regions of interest in the columns of a <see cref="DatasetCsv"/>, one a row.</summary>
internal static class RoiColumns
{
    private const string Mask = "roi_mask";
    private const string MaskAlternative = "roi_mask_alternative";
    private const string X = "roi_x";
    private const string Y = "roi_y";
    private const string Radius = "roi_radius";
    private const string Width = "roi_width";
    private const string Height = "roi_height";
    private const string Points = "roi_points";
    private const string Number = "roi_number";
    private const string Type = "roi_type";
    private const string Pathology = "pathology";

    private static readonly string[] Places = [Mask, X, Y, Radius, Width, Height, Points];

    /// <summary>Columns that hold numbers.</summary>
    public static string[] Numbers { get; } = [X, Y, Radius, Width, Height, Number];

    /// <summary>All columns.</summary>
    public static string[] All { get; } = [Mask, MaskAlternative, X, Y, Radius, Width, Height, Points, Number, Type, Pathology];

    /// <summary>The columns by which a table is known to hold ROIs; <c>pathology</c> and the like may just as well speak of the image.</summary>
    public static string[] Marks { get; } = [Mask, X, Points, Number];

    /// <summary>
    /// The region of a row. Null where the row says of none: it has no place and calls the image normal, or says no more than a pathology that is not
    /// malignant, which is the image's. A malignancy without a place counts, for background might lie on it.
    /// </summary>
    /// <param name="text">The trimmed text of a column; null when it is blank.</param>
    /// <param name="position">Number of the region if the row has none.</param>
    /// <param name="folder">Full path of the folder where relative paths of masks start.</param>
    public static Roi? Read(Func<string, string?> text, int position, string folder)
    {
        var roi = new Roi(Shape(text, folder))
        {
            // 2.0 too, as pandas writes it where other rows have no number.
            Number = double.TryParse(text(Number), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsInteger(number)
                && Math.Abs(number) <= int.MaxValue ? (int)number : position,
            Type = text(Type),
            Pathology = text(Pathology),
        };
        if (roi.Shape is not null || roi.IsMalignant == true)
            return roi;
        var isNormal = IsNormal(roi.Type) || IsNormal(roi.Pathology);
        return !isNormal && (HasPlace(text) || roi.Type is not null || text(Number) is not null) ? roi : null;
    }

    /// <summary>Something of a place is given, whether it makes one or not.</summary>
    public static bool HasPlace(Func<string, string?> text) => Array.Exists(Places, place => text(place) is not null);

    /// <summary>The texts of a region by column, blank ones left out.</summary>
    /// <param name="roi">The region.</param>
    /// <param name="folder">Masks below it get paths relative to it.</param>
    public static IEnumerable<KeyValuePair<string, string>> Texts(Roi roi, string folder)
    {
        (string Column, string? Text)[] place = roi.Shape switch
        {
            RoiMaskFile mask => [(Mask, Relative(mask.Path)), (MaskAlternative, mask.Alternative is null ? null : Relative(mask.Alternative))],
            RoiCircle circle => [(X, Written(circle.X)), (Y, Written(circle.Y)), (Radius, Written(circle.Radius))],
            RoiBox { Box: var box } => [(X, Written(box.X)), (Y, Written(box.Y)), (Width, Written(box.Width)), (Height, Written(box.Height))],
            RoiPolygon polygon => [(Points, string.Join("; ", polygon.Points.Select(point => $"{Written(point.X)} {Written(point.Y)}")))],
            _ => [],
        };
        (string Column, string? Text)[] all = [.. place, (Number, Written(roi.Number)), (Type, roi.Type), (Pathology, roi.Pathology)];
        return all.Where(pair => !string.IsNullOrWhiteSpace(pair.Text)).Select(pair => KeyValuePair.Create(pair.Column, pair.Text!));

        string Relative(string path) => DatasetCsv.Relative(path, folder);
    }

    private static RoiShape? Shape(Func<string, string?> text, string folder)
    {
        double? Value(string column) =>
            double.TryParse(text(column), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) < 1e6 ? value : null;

        string? FullPath(string column) => text(column) is { } path && !path.Contains('\0') ? ListPath.Full(path, folder) : null;

        if (FullPath(Mask) is { } mask)
            return new RoiMaskFile(mask) { Alternative = FullPath(MaskAlternative) };
        if (text(Points) is { } points)
            return Polygon(points);
        if (Value(X) is not { } x || Value(Y) is not { } y)
            return null;
        if (Value(Radius) is { } radius and >= 0)
            return new RoiCircle(x, y, radius);
        return Value(Width) is { } width and >= 1 && Value(Height) is { } height and >= 1 && new[] { x, y, width, height }.All(double.IsInteger)
            ? new RoiBox(new PixelBox((int)x, (int)y, (int)width, (int)height))
            : null;
    }

    private static RoiPolygon? Polygon(string text)
    {
        var points = ImmutableArray.CreateBuilder<(double X, double Y)>();
        foreach (var corner in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            double[] numbers = [.. corner.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(number => double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN)];
            if (numbers.Length != 2 || numbers.Any(number => !(Math.Abs(number) < 1e6)))
                return null;
            points.Add((numbers[0], numbers[1]));
        }

        return points.Count > 0 ? new RoiPolygon(points.ToImmutable()) : null;
    }

    // NORMAL, and MIAS's NORM.
    private static bool IsNormal(string? said) => said?.StartsWith("NORM", StringComparison.OrdinalIgnoreCase) == true;

    private static string Written(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
