using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Data.Rois;
using Mammo.Data.Segmentation;

namespace Mammo.Data.Patches;

/// <summary>An image made ready for cutting patches: resized, cut to the breast if asked for, and with half a patch as black margin.</summary>
internal sealed class PatchFrame
{
    private readonly ImageSize _stored;
    private readonly ImageTurn _turn;
    private readonly ImageSize _resized;
    private readonly PixelBox _box;
    private readonly PatchSetOptions _options;
    private readonly GreyImage _shown;

    /// <summary>Prepares an image.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.BreastNotFound"/>: nothing but background; <see cref="ErrorIds.LocalContrastDiffers"/>: a z-score is asked for of local contrast.
    /// </exception>
    public PatchFrame(GreyImage stored, PatchSetOptions options)
    {
        (_options, _stored, _turn) = (options, stored.Size, stored.Turn);
        _resized = stored.Size.Resized(options.TargetHeight, options.Size);
        var image = CubicResize.Apply(stored, _resized);
        var breast = Breast(image, stored);
        _box = options.SegmentBreast ? breast!.Box : new PixelBox(0, 0, image.Width, image.Height);
        Image = Framing.AddMargin(options.SegmentBreast ? breast!.Crop(image) : image, Margin);

        // Outside the breast it is black already, also of a negative.
        if (options.ZScore && stored.LocalContrast is not null)
            throw new MammoException(
                ErrorIds.LocalContrastDiffers,
                "The image holds local contrast already, of which no z-score can be made.",
                "Give the film itself, or leave out -ZScore.");
        _shown = options.LocalContrast is { } sigma && stored.LocalContrast is null
            ? Framing.AddMargin(Framing.Crop(LocalContrast.Apply(image, sigma, breast!.Mask, options.ZScore), _box), Margin)
            : Image;
        Tissue = options.IsOriginal ? null : new MaskCounts(Framing.AddMargin(Framing.Crop(breast!.Mask, _box), Margin));
        // Blanked films have no labels any more.
        Objects = options is { OutsideCount: > 0, SegmentBreast: false } ? new MaskCounts(Framing.AddMargin(breast!.Objects(image), Margin)) : null;
        LooksInverted = breast?.LooksInverted == true;
    }

    /// <summary>The image with its margin, by which places are chosen; patches are cut of its local contrast where that is asked for.</summary>
    public GreyImage Image { get; }

    /// <summary>The breast in the same frame; null in the original's way, which does not look at it.</summary>
    public MaskCounts? Tissue { get; }

    /// <summary>Labels and other objects beside the breast in the same frame; null where no patches are wanted of them.</summary>
    public MaskCounts? Objects { get; }

    /// <summary>The film is a negative.</summary>
    public bool LooksInverted { get; }

    private int Margin => _options.PatchSize / 2;

    /// <summary>Draws a region that has a shape into the frame.</summary>
    /// <exception cref="MammoException">The mask cannot be used, or nothing of the region is in the frame.</exception>
    public PlacedRoi Place(Roi roi)
    {
        if (!_options.IsOriginal || roi.Shape is not RoiMaskFile { Path: var path })
        {
            var findings = new List<Finding>();
            return Framed(RoiRaster.Draw(roi.Shape!, _stored, _resized, findings, _turn)) with { Remark = findings.FirstOrDefault()?.Message };
        }

        var file = _turn.Apply(RoiRaster.ReadMask(path));
        return Framed(RoiRaster.DrawAsOriginal(file, _resized)) with
        {
            Remark = file.Size == _stored
                ? null
                : $"its mask is {file.Size} and was stretched over the image of {_stored}, as in the original: look at its patches",
        };

        PlacedRoi Framed(Mask mask) => PlacedRoi.Of(roi, Framing.AddMargin(Framing.Crop(mask, _box), Margin));
    }

    /// <summary>The pixels of one patch.</summary>
    public GreyImage Cut(PixelPoint centre) => Framing.Crop(_shown, new PixelBox(centre.X - Margin, centre.Y - Margin, 2 * Margin, 2 * Margin));

    /// <summary>A place of the frame in the resized image.</summary>
    public PixelPoint InImage(PixelPoint point) => new(point.X - Margin + _box.X, point.Y - Margin + _box.Y);

    private BreastRegion? Breast(GreyImage image, GreyImage stored)
    {
        if (!_options.IsOriginal)
            return BreastFinder.Find(image, stored);
        return _options.SegmentBreast ? OriginalSegmentation.Segment(image) : null;
    }
}

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
            ErrorIds.RoiEmpty,
            $"Lesion {roi.Number} ({roi.Shape}) has no pixel in the image, or none inside the breast.",
            "Look at the mask and the segmentation.",
            roi.Shape?.ToString());
        var box = contour.Box;
        var (x, y) = contour.Centroid ?? (box.X + box.Width / 2, box.Y + box.Height / 2);
        return new PlacedRoi(roi, new MaskCounts(mask), box, new PixelPoint((int)x, (int)y));
    }
}
