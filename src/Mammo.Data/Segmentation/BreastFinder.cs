using Mammo.Data.Images;

namespace Mammo.Data.Segmentation;

/// <summary>
/// Finds the breast where the original's fixed threshold fails: on background that is not black, on negatives, with labels, tape and film edges
/// that touch it, at the image's border, and inside padding.
/// </summary>
public static class BreastFinder
{
    /// <summary>Share of the grey range that tissue is above the background at least: the skin's edge fades out.</summary>
    private const double LeastContrast = 0.04;

    /// <summary>What a square of a twentieth of the film's shorter side does not fit into is label, tape or edge.</summary>
    private const int OpeningShare = 20;

    /// <summary>Finds the largest object that stands out from the background, without what hangs on it by a thread.</summary>
    /// <param name="image">Any grey image.</param>
    /// <param name="stored">
    /// What the image was resized from, by which a negative is recognised: resizing smooths tissue more than air. Null where it was not resized.
    /// </param>
    /// <exception cref="MammoException"><see cref="ErrorIds.BreastNotFound"/>: the image is of one grey, or nothing large stands out.</exception>
    public static BreastRegion Find(GreyImage image, GreyImage? stored = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        return TryFind(image, stored) ?? throw Nothing(image);
    }

    /// <summary>The same; null where no breast is found.</summary>
    internal static BreastRegion? TryFind(GreyImage image, GreyImage? stored = null)
    {
        var small = new SmallImage(image);
        if (Find(small, stored is null || stored.Size == image.Size ? null : stored) is not var (mask, threshold, isInverted))
            return null;
        var breast = small.Enlarge(mask, image);
        return new BreastRegion(breast, breast.Box()!.Value) { Threshold = isInverted ? -threshold : threshold, LooksInverted = isInverted };
    }

    /// <summary>The breast in a shrunk image, for whom its outline in coarse pixels is enough; null when there is none.</summary>
    internal static (Mask Mask, double Threshold, bool IsInverted)? Find(SmallImage small, GreyImage? stored = null)
    {
        var histogram = new GreyHistogram(small.Values);
        if (histogram.IsFlat)
            return null;
        var isInverted = stored is null ? Negative.IsOne(small, histogram) : Negative.IsOne(stored);
        var values = isInverted ? Array.ConvertAll(small.Values, value => -value) : small.Values;
        if (isInverted)
            histogram = new GreyHistogram(values);
        return Separate(small, values, histogram) is var (mask, threshold) ? (mask, threshold, isInverted) : null;
    }

    /// <summary>Raises the threshold from just above the background towards Otsu's until the object no longer runs from the left side to the right.</summary>
    private static (Mask Mask, double Threshold)? Separate(SmallImage small, float[] values, GreyHistogram histogram)
    {
        var otsu = histogram.Otsu();
        var background = histogram.Peak(Math.Max(otsu, 1));
        var lowest = Math.Min(otsu, background + 1 + Math.Max(6 * histogram.SpreadBelow(background), LeastContrast * GreyHistogram.Steps));
        (Mask, double)? first = null;
        for (var i = 0; i <= 4; i++)
        {
            var threshold = histogram.Value(lowest + (otsu - lowest) * i / 4);
            if (Largest(new Mask(small.Height, small.Width, Array.ConvertAll(values, value => value > threshold))) is not { } mask)
                continue;
            if (!Spans(mask))
                return (mask, threshold);
            first ??= (mask, threshold);
        }

        return first;
    }

    private static Mask? Largest(Mask mask)
    {
        var square = Math.Max(3, Math.Min(mask.Height, mask.Width) / OpeningShare | 1);
        // With an empty margin, because strips along the image's border, the film's white edges, are to go too.
        var opened = Morphology.Open(Framing.AddMargin(Components.FillHoles(mask), square), square);
        var components = Components.Of(Framing.Crop(opened, new PixelBox(square, square, mask.Width, mask.Height)), diagonal: true);
        return components.Largest() is > 0 and var label ? Components.FillHoles(components.Pick(label)) : null;
    }

    /// <summary>Whether a mask lies on a fifth of both the left and the right side: no breast does, unless the view is magnified.</summary>
    private static bool Spans(Mask mask)
    {
        int left = 0, right = 0;
        for (var y = 0; y < mask.Height; y++)
        {
            left += mask.Pixels[y * mask.Width] ? 1 : 0;
            right += mask.Pixels[(y + 1) * mask.Width - 1] ? 1 : 0;
        }

        return Math.Min(left, right) > mask.Height / 5;
    }

    private static MammoException Nothing(GreyImage image) => new(
        ErrorIds.BreastNotFound,
        $"No breast was found in an image of {image.Height} x {image.Width}: nothing of a size stands out from the background.",
        "Look at the image: it may be black, or of one grey.");
}
