using Mammo.Data.Images;

namespace Mammo.Data.Segmentation;

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
