using Mammo.Data.Images;

namespace Mammo.Data.Segmentation;

/// <summary>Opening with a square of ones, anchored at its middle; what lies outside the image does not count, as in OpenCV.</summary>
internal static class Morphology
{
    /// <summary>Erosion followed by dilation: removes what the square does not fit into.</summary>
    public static Mask Open(Mask mask, int size) => Both(Both(mask, size, erode: true), size, erode: false);

    private static Mask Both(Mask mask, int size, bool erode) => Slide(Slide(mask, size, rows: true, erode), size, rows: false, erode);

    private static Mask Slide(Mask mask, int size, bool rows, bool erode)
    {
        var (lines, length) = rows ? (mask.Height, mask.Width) : (mask.Width, mask.Height);
        var (lineStep, step) = rows ? (mask.Width, 1) : (1, mask.Width);
        var (before, after) = (size / 2, size - 1 - size / 2);
        var result = new bool[mask.Pixels.Length];
        var sums = new int[length + 1];
        for (var line = 0; line < lines; line++)
        {
            for (var i = 0; i < length; i++)
                sums[i + 1] = sums[i] + (mask.Pixels[line * lineStep + i * step] ? 1 : 0);
            for (var i = 0; i < length; i++)
            {
                var (from, to) = (Math.Max(i - before, 0), Math.Min(i + after + 1, length));
                result[line * lineStep + i * step] = sums[to] - sums[from] >= (erode ? to - from : 1);
            }
        }

        return new Mask(mask.Height, mask.Width, result);
    }
}
