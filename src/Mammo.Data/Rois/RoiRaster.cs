using System.Globalization;
using Mammo.Data.Dicom;
using Mammo.Data.Files;
using Mammo.Data.Images;

namespace Mammo.Data.Rois;

/// <summary>Draws a region of interest into an image that may have been resized.</summary>
public static class RoiRaster
{
    // Of CBIS-DDSM's masks the largest cover a tenth of their film.
    private const double LargestLesion = 0.5;

    /// <summary>The pixels of the resized image that are the region's.</summary>
    /// <param name="shape">The region, in pixels of the stored image.</param>
    /// <param name="stored">Size of the image as it was read, turned if it was.</param>
    /// <param name="target">Size of the resized one.</param>
    /// <param name="findings">Receives what is doubtful about a mask.</param>
    /// <param name="turn">How the image was turned; the region is in pixels of the image before.</param>
    /// <exception cref="MammoException">
    /// The mask cannot be read; <see cref="ErrorIds.RoiMaskMismatch"/>: it does not have the stored image's proportions.
    /// </exception>
    public static Mask Draw(
        RoiShape shape, ImageSize stored, ImageSize target, ICollection<Finding>? findings = null, ImageTurn turn = default) =>
        turn.Apply(DrawStored(shape, turn.Apply(stored), turn.Apply(target), findings));

    private static Mask DrawStored(RoiShape shape, ImageSize stored, ImageSize target, ICollection<Finding>? findings) => shape switch
    {
        RoiCircle circle => Draw(circle, stored, target),
        RoiBox { Box: var box } => Draw(box, stored, target),
        RoiPolygon polygon => Draw(polygon, stored, target),
        RoiMaskFile mask => Shrink(Matching(mask, stored, findings), target),
        _ => throw new NotSupportedException(shape.GetType().Name),
    };

    /// <summary>A mask file as the original reads it: 8 bits, resized with the cubic filter to whatever size the image has; soft edges count too.</summary>
    internal static Mask DrawAsOriginal(GreyImage mask, ImageSize target) => Mask.Above(CubicResize.Apply(mask.ToEightBit(), target), 0);

    private static Mask Draw(RoiCircle circle, ImageSize stored, ImageSize target)
    {
        double scaleX = (double)stored.Width / target.Width, scaleY = (double)stored.Height / target.Height;
        // A circle smaller than a pixel of the resized image keeps the pixel that its centre is in.
        var centre = (X: (int)Math.Floor((circle.X + 0.5) / scaleX), Y: (int)Math.Floor((circle.Y + 0.5) / scaleY));
        return Fill(target, (x, y) =>
        {
            double dx = (x + 0.5) * scaleX - 0.5 - circle.X, dy = (y + 0.5) * scaleY - 0.5 - circle.Y;
            return dx * dx + dy * dy <= circle.Radius * circle.Radius || (x, y) == centre;
        });
    }

    private static Mask Draw(PixelBox box, ImageSize stored, ImageSize target)
    {
        int Left(int pixel) => (int)((long)pixel * target.Width / stored.Width);
        int Top(int pixel) => (int)((long)pixel * target.Height / stored.Height);

        var (left, top) = (Left(box.X), Top(box.Y));
        var (right, bottom) = (Math.Max(Left(box.Right), left + 1), Math.Max(Top(box.Bottom), top + 1));
        return Fill(target, (x, y) => x >= left && x < right && y >= top && y < bottom);
    }

    // Row by row between the crossings of the outline with the middle of the row; the pixels of corners are always the region's, so that none vanishes.
    private static Mask Draw(RoiPolygon polygon, ImageSize stored, ImageSize target)
    {
        double scaleX = (double)stored.Width / target.Width, scaleY = (double)stored.Height / target.Height;
        (double X, double Y)[] corners = [.. polygon.Points.Select(point => (((point.X + 0.5) / scaleX) - 0.5, ((point.Y + 0.5) / scaleY) - 0.5))];
        var pixels = new bool[target.Height * target.Width];
        var crossings = new List<double>();
        for (var y = 0; y < target.Height; y++)
        {
            crossings.Clear();
            for (var i = 0; i < corners.Length; i++)
            {
                var (from, to) = (corners[i], corners[(i + 1) % corners.Length]);
                if (from.Y <= y != to.Y <= y)
                    crossings.Add(from.X + ((y - from.Y) / (to.Y - from.Y) * (to.X - from.X)));
            }

            crossings.Sort();
            for (var i = 0; i + 1 < crossings.Count; i += 2)
            {
                var (first, last) = (Math.Max(0, (int)Math.Ceiling(crossings[i])), Math.Min(target.Width - 1, (int)Math.Floor(crossings[i + 1])));
                if (first <= last)
                    pixels.AsSpan((y * target.Width) + first, last - first + 1).Fill(true);
            }
        }

        foreach (var (x, y) in corners)
        {
            if (Math.Round(x) is >= 0 and var column && column < target.Width && Math.Round(y) is >= 0 and var row && row < target.Height)
                pixels[((int)row * target.Width) + (int)column] = true;
        }

        return new Mask(target.Height, target.Width, pixels);
    }

    private static Mask Fill(ImageSize size, Func<int, int, bool> contains)
    {
        var pixels = new bool[size.Height * size.Width];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = contains(i % size.Width, i / size.Width);
        return new Mask(size.Height, size.Width, pixels);
    }

    private static Mask Matching(RoiMaskFile roi, ImageSize stored, ICollection<Finding>? findings)
    {
        var (mask, path) = (ReadMask(roi.Path), roi.Path);
        if (mask.Size != stored && roi.Alternative is { } other && ReadMask(other) is var exchanged
            && (exchanged.Size == stored || (IsOfProportions(exchanged.Size, stored) && exchanged.Height > mask.Height)))
            (mask, path) = (exchanged, other);
        if (!IsOfProportions(mask.Size, stored))
        {
            throw new MammoException(
                ErrorIds.RoiMaskMismatch,
                $"The ROI mask '{path}' is {mask.Size}, its image {stored}: where the ROI lies is not certain.",
                "Make mask and image of the same proportions, by the same steps.",
                path);
        }

        var threshold = Threshold(mask);
        if (threshold > 0)
        {
            findings?.Add(new Finding(
                ErrorIds.RoiMaskGrey,
                FormattableString.Invariant(
                    $"The ROI mask '{path}' has more than two values, up to {mask.Range().Maximum}; those above {threshold} are taken for the ROI."))
            {
                Subject = path,
                SuggestedFix = "Save masks without loss (PNG), with 0 and one other value; of a mask with several ROIs make a mask each.",
            });
        }

        var region = Mask.Above(mask, threshold);
        var share = (double)region.Count / region.Pixels.Length;
        if (share > LargestLesion)
        {
            findings?.Add(new Finding(
                ErrorIds.RoiMaskLarge, string.Create(CultureInfo.CurrentCulture, $"The ROI mask '{path}' is {share:P0} of its image, as no lesion is."))
            {
                Subject = path,
                SuggestedFix = "Look at the mask: it may be inverted, one of the breast, or transparent where the lesion is not; a lesion is bright on black.",
            });
        }

        return region;
    }

    // One pixel for rounding, in the direction in which it shows: the sizes of CBIS-DDSM's masks are rounded by themselves.
    internal static bool IsOfProportions(ImageSize mask, ImageSize stored) =>
        Math.Abs(mask.Width - (double)stored.Width * mask.Height / stored.Height) <= Math.Max(1.0, (double)mask.Height / stored.Height)
        && Math.Abs(mask.Height - (double)stored.Height * mask.Width / stored.Width) <= Math.Max(1.0, (double)mask.Width / stored.Width);

    // A JPEG has grey around the region and in the dark; half of the highest value is where the edge was.
    private static int Threshold(GreyImage mask)
    {
        var (lowest, highest) = mask.Range();
        return Array.Exists(mask.Pixels, value => value != lowest && value != highest) || (lowest > 0 && lowest < highest) ? highest / 2 : 0;
    }

    // Of a mask in a DICOM file all values count: a window could hide it, and it is no view of a breast.
    private static readonly DicomOptions AsStored = DicomOptions.Anything with { Voi = new DicomVoi(DicomVoiKind.None) };

    /// <summary>The file of a mask.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotFound"/>; it cannot be read.</exception>
    internal static GreyImage ReadMask(string path) => File.Exists(path)
        ? ImageReader.Read(path, dicom: AsStored)
        : throw new MammoException(ErrorIds.FileNotFound, $"The ROI mask '{path}' does not exist.", target: path);

    /// <summary>A pixel belongs to the region if any stored pixel under it does: small regions never vanish.</summary>
    private static Mask Shrink(Mask mask, ImageSize target)
    {
        if (new ImageSize(mask.Height, mask.Width) == target)
            return mask;
        var counts = new MaskCounts(mask);
        return Fill(target, (x, y) => counts.Count(
            From(x, mask.Width, target.Width), From(y, mask.Height, target.Height), To(x, mask.Width, target.Width), To(y, mask.Height, target.Height)) > 0);
    }

    private static int From(int pixel, int stored, int target) => (int)((long)pixel * stored / target);

    private static int To(int pixel, int stored, int target) => (int)(((pixel + 1L) * stored + target - 1) / target);
}
