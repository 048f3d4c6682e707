using Mammo.Data.Images;

namespace Mammo.Data.Rois;

/// <summary>Counts the pixels of a mask in any rectangle at once, from a summed-area table.</summary>
internal sealed class MaskCounts
{
    private readonly int _height;
    private readonly int _width;

    // The table covers the mask's box alone: a lesion is a few hundredths of a film, and tables of whole films are what the garbage collector is busy with.
    private readonly PixelBox _box;
    private readonly int[] _sums;

    public MaskCounts(Mask mask)
    {
        (_height, _width) = (mask.Height, mask.Width);
        _box = mask.Box() ?? default;
        _sums = new int[(_box.Height + 1) * (_box.Width + 1)];
        for (var y = 0; y < _box.Height; y++)
        {
            var sum = 0;
            var pixels = mask.Pixels.AsSpan((_box.Y + y) * _width + _box.X, _box.Width);
            var above = RowOf(y);
            var row = RowOf(y + 1);
            for (var x = 0; x < pixels.Length; x++)
            {
                sum += pixels[x] ? 1 : 0;
                row[x + 1] = above[x + 1] + sum;
            }
        }
    }

    /// <summary>Pixels of the mask.</summary>
    public int Total => _sums[^1];

    /// <summary>
    /// Overlap with a patch around a centre: half its size (rounded down) to the left and up, as much to the right and down, cut at the image's edge.
    /// </summary>
    public PatchOverlap Overlap(PixelPoint centre, int patchSize)
    {
        var half = patchSize / 2;
        int left = Math.Clamp(centre.X - half, 0, _width), right = Math.Clamp(centre.X + half, 0, _width);
        int top = Math.Clamp(centre.Y - half, 0, _height), bottom = Math.Clamp(centre.Y + half, 0, _height);
        return new PatchOverlap(Count(left, top, right, bottom), Total, (right - left) * (bottom - top));
    }

    /// <summary>Pixels of the mask in the columns and rows from the first up to but not including the last.</summary>
    public int Count(int left, int top, int right, int bottom) => Sum(right, bottom) - Sum(left, bottom) - Sum(right, top) + Sum(left, top);

    /// <summary>Pixels of the mask above a row and left of a column.</summary>
    private int Sum(int x, int y) => RowOf(Math.Clamp(y - _box.Y, 0, _box.Height))[Math.Clamp(x - _box.X, 0, _box.Width)];

    private Span<int> RowOf(int y) => _sums.AsSpan(y * (_box.Width + 1), _box.Width + 1);
}

/// <summary>How a patch and a region of interest lie on each other, in pixels.</summary>
/// <param name="Shared">Pixels of the region inside the patch.</param>
/// <param name="Region">Pixels of the region.</param>
/// <param name="Patch">Pixels of the patch inside the image.</param>
internal readonly record struct PatchOverlap(int Shared, int Region, int Patch)
{
    /// <summary>
    /// The original's test: more than this share of the region is inside the patch, or more than this share of the patch is region.
    /// A share of nothing is not a number and exceeds nothing.
    /// </summary>
    public bool Exceeds(double cutoff) => Shared / (double)Region > cutoff || Shared / (double)Patch > cutoff;
}
