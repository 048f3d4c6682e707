using Mammo.Data.Images;

namespace Mammo.Data.Segmentation;

/// <summary>Where the breast is in an image.</summary>
/// <param name="Mask">Its pixels, in the frame of the whole image.</param>
/// <param name="Box">The smallest box around them.</param>
public sealed record BreastRegion(Mask Mask, PixelBox Box)
{
    /// <summary>The grey value that tissue exceeds (stays below, if <see cref="LooksInverted"/>).</summary>
    public double Threshold { get; init; }

    /// <summary>The background is bright and the tissue dark: the film is a negative of what the models expect.</summary>
    public bool LooksInverted { get; init; }

    /// <summary>The image with everything outside the breast blanked: black, or white in a film that looks inverted.</summary>
    public GreyImage Blank(GreyImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Framing.Keep(image, Mask, LooksInverted ? image.Pixels.Max() : (ushort)0);
    }

    /// <summary>The breast alone: blanked outside and cut to its box.</summary>
    public GreyImage Crop(GreyImage image) => Framing.Crop(Blank(image), Box);
}

/// <summary>On which side of the image the chest wall is, whatever the breast's side or the file's name say.</summary>
public static class ChestWall
{
    /// <summary>
    /// Whether the chest wall is at the right: a breast is widest there and narrows towards the nipple, so that more of it lies in that half of its box.
    /// </summary>
    public static bool IsAtRight(BreastRegion breast)
    {
        ArgumentNullException.ThrowIfNull(breast);
        var (box, mask, half) = (breast.Box, breast.Mask, breast.Box.Width / 2);
        long left = 0, right = 0;
        for (var y = box.Y; y < box.Bottom; y++)
        {
            var row = mask.Pixels.AsSpan(y * mask.Width, mask.Width);
            left += row.Slice(box.X, half).Count(true);
            right += row.Slice(box.Right - half, half).Count(true);
        }

        return right > left;
    }
}
