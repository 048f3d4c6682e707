using Mammo.Data.Images;

namespace Mammo.Data.Patches;

/// <summary>Counts the pixels of a mask in any rectangle at once, from a summed-area table.</summary>
internal sealed class MaskCounts
{
    private readonly int _height;
    private readonly int _width;
    private readonly int[] _sums;

    public MaskCounts(Mask mask)
    {
        (_height, _width) = (mask.Height, mask.Width);
        _sums = new int[(_height + 1) * (_width + 1)];
        for (var y = 0; y < _height; y++)
        {
            var row = 0;
            for (var x = 0; x < _width; x++)
            {
                row += mask.Pixels[y * _width + x] ? 1 : 0;
                _sums[(y + 1) * (_width + 1) + x + 1] = _sums[y * (_width + 1) + x + 1] + row;
            }
        }
    }

    /// <summary>Pixels of the mask.</summary>
    public int Total => _sums[^1];

    /// <summary>Overlap with a patch around a centre: half its size (rounded down) to the left and up, as much to the right and down, cut at the image's edge.</summary>
    public PatchOverlap Overlap(PixelPoint centre, int patchSize)
    {
        var half = patchSize / 2;
        int left = Math.Clamp(centre.X - half, 0, _width), right = Math.Clamp(centre.X + half, 0, _width);
        int top = Math.Clamp(centre.Y - half, 0, _height), bottom = Math.Clamp(centre.Y + half, 0, _height);
        return new PatchOverlap(Count(left, top, right, bottom), Total, (right - left) * (bottom - top));
    }

    /// <summary>Pixels of the mask in the columns and rows from the first up to but not including the last; all inside the image.</summary>
    public int Count(int left, int top, int right, int bottom) => Sum(right, bottom) - Sum(left, bottom) - Sum(right, top) + Sum(left, top);

    private int Sum(int x, int y) => _sums[y * (_width + 1) + x];
}
