using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Data.Segmentation;

namespace Mammo.Data.Patches;

/// <summary>A region of interest in the frame from which patches are cut.</summary>
/// <param name="Roi">What it is.</param>
/// <param name="Counts">Its pixels.</param>
/// <param name="Box">The box of its largest contour.</param>
/// <param name="Centre">The centre of mass of that contour, truncated to a pixel; the middle of the box if it has no area.</param>
internal sealed record PlacedRoi(Roi Roi, MaskCounts Counts, PixelBox Box, PixelPoint Centre)
{
    /// <summary>What is doubtful about where it is; null for nothing.</summary>
    public string? Remark { get; init; }

    /// <exception cref="MammoException"><see cref="ErrorIds.RoiEmpty"/>.</exception>
    public static PlacedRoi Of(Roi roi, Mask mask)
    {
        var contour = ContourTracer.Largest(mask) ?? throw new MammoException(
            ErrorIds.RoiEmpty, $"Abnormality {roi.Number} ({roi.Shape}) has no pixel in the image, or none inside the breast.", "Look at the mask and the segmentation.", roi.Shape?.ToString());
        var box = contour.Box;
        var (x, y) = contour.Centroid ?? (box.X + box.Width / 2, box.Y + box.Height / 2);
        return new PlacedRoi(roi, new MaskCounts(mask), box, new PixelPoint((int)x, (int)y));
    }
}
