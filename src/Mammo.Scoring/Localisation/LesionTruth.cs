using System.Collections.Immutable;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Data.Rois;

namespace Mammo.Scoring.Localisation;

/// <summary>Which annotated lesions a heatmap shall find.</summary>
public enum LesionKind
{
    /// <summary>All.</summary>
    All,

    /// <summary>Malignant ones; a mark on another counts as false.</summary>
    Malignant,
}

/// <summary>The lesions of an image as they were annotated.</summary>
internal static class LesionTruth
{
    /// <summary>Where the lesions of an image are; empty for an image without any.</summary>
    /// <param name="image">The image with what its dataset says of it.</param>
    /// <param name="kind">Which lesions count.</param>
    /// <param name="unknown">Why it is not known where they are; null otherwise.</param>
    public static ImmutableArray<RoiShape> Of(MammoImage image, LesionKind kind, out string? unknown)
    {
        Roi[] lesions = [.. image.Rois.Where(roi => kind == LesionKind.All || roi.IsMalignant != false)];
        unknown = image.Rois.IsEmpty && image.Label is null ? "neither a class nor an ROI is known"
            : image.Rois.IsEmpty && image.Label > 0 ? $"the class is '{image.Class}', and no ROI is annotated"
            : Array.Exists(lesions, roi => roi.Shape is null) ? "a lesion is annotated without its place"
            : kind == LesionKind.Malignant && Array.Exists(lesions, roi => roi.IsMalignant is null) ? "a lesion's pathology is not known"
            : null;
        return unknown is null ? [.. lesions.Select(roi => roi.Shape!)] : [];
    }

    /// <summary>The lesions on which a place lies.</summary>
    /// <param name="lesions">The lesions, each drawn in the stored image.</param>
    /// <param name="peak">The place; beyond the image the nearest pixel in it.</param>
    /// <param name="tolerance">Pixels by which it may miss a lesion's nearest pixel.</param>
    public static IEnumerable<int> Hits(IReadOnlyList<Mask> lesions, LocalPeak peak, double tolerance)
    {
        for (var lesion = 0; lesion < lesions.Count; lesion++)
        {
            if (IsNear(lesions[lesion], peak, tolerance))
                yield return lesion;
        }
    }

    private static bool IsNear(Mask mask, LocalPeak peak, double tolerance)
    {
        var (x, y) = (Math.Clamp(Math.Round(peak.X), 0, mask.Width - 1), Math.Clamp(Math.Round(peak.Y), 0, mask.Height - 1));
        var reach = (int)Math.Floor(tolerance);
        for (var row = (int)Math.Max(0, y - reach); row <= Math.Min(mask.Height - 1, y + reach); row++)
        {
            for (var column = (int)Math.Max(0, x - reach); column <= Math.Min(mask.Width - 1, x + reach); column++)
            {
                var (across, down) = (column - x, row - y);
                if (mask.Pixels[(row * mask.Width) + column] && (across * across) + (down * down) <= tolerance * tolerance)
                    return true;
            }
        }

        return false;
    }
}
