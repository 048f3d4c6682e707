using System.Globalization;
using Mammo.Data.Images;
using Mammo.Data.Rois;

namespace Mammo.Data.Datasets;

/// <summary>One region of interest as texts by the meanings of <see cref="RoiColumns"/>.</summary>
/// <param name="text">The text of a meaning, trimmed; null when it is blank.</param>
internal sealed class RoiRow(Func<string, string?> text)
{
    private const string Mask = "roi_mask";
    private const string MaskAlternative = "roi_mask_alternative";
    private const string X = "roi_x";
    private const string Y = "roi_y";
    private const string Radius = "roi_radius";
    private const string Width = "roi_width";
    private const string Height = "roi_height";
    private const string Number = "roi_number";
    private const string Type = "roi_type";
    private const string Pathology = "pathology";

    private static readonly string[] Places = [Mask, X, Y, Radius, Width, Height];

    /// <summary>All meanings.</summary>
    public static string[] Meanings { get; } = [Mask, MaskAlternative, X, Y, Radius, Width, Height, Number, Type, Pathology];

    /// <summary>The columns by which a table is known to tell regions; <c>pathology</c> and the like may just as well speak of the image.</summary>
    public static string[] Marks { get; } = [Mask, X, Number];

    /// <summary>Something of a place is given, whether it makes one or not.</summary>
    public bool HasPlace => Array.Exists(Places, place => text(place) is not null);

    /// <summary>The texts of a region.</summary>
    /// <param name="roi">The region.</param>
    /// <param name="folder">Masks below it get paths relative to it.</param>
    public static IEnumerable<KeyValuePair<string, string>> Of(Roi roi, string folder)
    {
        (string Meaning, string? Text)[] place = roi.Shape switch
        {
            RoiMask mask => [(Mask, RelativePath.Of(mask.Path, folder)), (MaskAlternative, mask.Alternative is null ? null : RelativePath.Of(mask.Alternative, folder))],
            RoiCircle circle => [(X, Written(circle.X)), (Y, Written(circle.Y)), (Radius, Written(circle.Radius))],
            RoiBox { Box: var box } => [(X, Written(box.X)), (Y, Written(box.Y)), (Width, Written(box.Width)), (Height, Written(box.Height))],
            _ => [],
        };
        (string Meaning, string? Text)[] all = [.. place, (Number, Written(roi.Number)), (Type, roi.Type), (Pathology, roi.Pathology)];
        return all.Where(pair => !string.IsNullOrWhiteSpace(pair.Text)).Select(pair => KeyValuePair.Create(pair.Meaning, pair.Text!));
    }

    /// <summary>
    /// The region. Null where the row tells of none: it has no place and calls the image normal, or says no more than a pathology that is not malignant, which is
    /// the image's. A malignancy without a place counts, for background might lie on it.
    /// </summary>
    /// <param name="position">Number of the region if the row has none.</param>
    /// <param name="folder">Where relative paths of masks start.</param>
    public Roi? Region(int position, string folder)
    {
        var roi = new Roi(Shape(folder))
        {
            Number = int.TryParse(text(Number), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : position,
            Type = text(Type),
            Pathology = text(Pathology),
        };
        if (roi.Shape is not null || roi.IsMalignant == true)
            return roi;
        var isNormal = IsNormal(roi.Type) || IsNormal(roi.Pathology);
        return !isNormal && (HasPlace || roi.Type is not null || text(Number) is not null) ? roi : null;
    }

    // NORMAL, and MIAS's NORM.
    private static bool IsNormal(string? said) => said?.StartsWith("NORM", StringComparison.OrdinalIgnoreCase) == true;

    private static string Written(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private RoiShape? Shape(string folder)
    {
        if (FullPath(Mask, folder) is { } mask)
            return new RoiMask(mask) { Alternative = FullPath(MaskAlternative, folder) };
        if (Value(X) is not { } x || Value(Y) is not { } y)
            return null;
        if (Value(Radius) is { } radius and >= 0)
            return new RoiCircle(x, y, radius);
        return Value(Width) is { } width and >= 1 && Value(Height) is { } height and >= 1 && new[] { x, y, width, height }.All(double.IsInteger)
            ? new RoiBox(new PixelBox((int)x, (int)y, (int)width, (int)height))
            : null;
    }

    private string? FullPath(string meaning, string folder) => text(meaning) is { } path && !path.Contains('\0') ? Path.GetFullPath(path, Path.GetFullPath(folder)) : null;

    private double? Value(string meaning) => double.TryParse(text(meaning), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) < 1e6 ? value : null;
}
