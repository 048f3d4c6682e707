using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Data.Segmentation;

namespace Mammo.Data.Sweeps;

/// <summary>
/// An image made ready for a sweep heatmap as the original does it: resized to a height, segmented and cut to the breast, with half a patch as black
/// margin, and the grid of patches over it. The patches hold stored grey values; scaling and mean are the network's business.
/// </summary>
public sealed class SweepFrame
{
    private readonly int _margin;

    private SweepFrame(GreyImage image, PixelBox breast, int margin, SweepGeometry geometry) =>
        (Image, Breast, _margin, Geometry) = (image, breast, margin, geometry);

    /// <summary>The image in which the patches lie.</summary>
    public GreyImage Image { get; }

    /// <summary>The grid of patches.</summary>
    public SweepGeometry Geometry { get; }

    /// <summary>The breast's box in the resized image.</summary>
    public PixelBox Breast { get; }

    /// <summary>The same grid in the resized image, without margin and cut: patches may hang over its edges.</summary>
    public HeatmapGeometry Places => new(
        Geometry.Rows,
        Geometry.Columns,
        Geometry.Y - _margin + Breast.Y,
        Geometry.X - _margin + Breast.X,
        Geometry.Stride,
        Geometry.Stride,
        Geometry.PatchSize,
        Geometry.PatchSize);

    /// <summary>Prepares an image.</summary>
    /// <param name="stored">The image as it is stored.</param>
    /// <param name="size">The size to resize to; null keeps the stored one. The original keeps the proportions.</param>
    /// <param name="patchSize">Side of a patch.</param>
    /// <param name="stride">Pixels from one patch to the next.</param>
    /// <param name="contrast">Deviation of the local contrast that patches are cut of, in pixels of the resized image; null for plain grey values.</param>
    /// <param name="zScore">Patches hold the z-score in the breast too.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.BreastNotFound"/>; <see cref="ErrorIds.SweepImpossible"/>.</exception>
    public static SweepFrame Of(GreyImage stored, ImageSize? size, int patchSize, int stride, double? contrast = null, bool zScore = false)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var resized = CubicResize.Apply(zScore ? stored : stored.OnePlane(), size ?? stored.Size);
        var breast = OriginalSegmentation.Segment(resized);
        var margin = patchSize / 2;
        var shown = contrast is { } sigma && stored.LocalContrast is null ? LocalContrast.Apply(resized, sigma, stored, zScore) : resized;
        var framed = Framing.AddMargin(breast.Crop(shown), margin);
        return new SweepFrame(framed, breast.Box, margin, new SweepGeometry(framed.Size, patchSize, stride));
    }

    /// <summary>The pixels of the patch at a place of the heatmap.</summary>
    public GreyImage Cut(int row, int column) => Framing.Crop(Image, Geometry.Patch(row, column));
}
