namespace Mammo.Data.Images;

/// <summary>Which pixels of an image belong to something: a breast, a lesion.</summary>
public sealed class Mask
{
    /// <summary>Wraps a map of pixels.</summary>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="pixels">height × width values, row by row.</param>
    public Mask(int height, int width, bool[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.LongLength != (long)height * width)
            throw new ArgumentException($"{pixels.LongLength} pixels do not make {height} rows of {width}.", nameof(pixels));
        (Height, Width, Pixels) = (height, width, pixels);
    }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Pixels, row by row; treated as immutable.</summary>
    public bool[] Pixels { get; }

    /// <summary>Number of pixels in the mask.</summary>
    public int Count => Pixels.AsSpan().Count(true);

    /// <summary>The pixels above a threshold.</summary>
    internal static Mask Above(GreyImage image, double threshold) =>
        new(image.Height, image.Width, Array.ConvertAll(image.Pixels, value => value > threshold));

    /// <summary>The smallest box around the mask's pixels; null when there are none.</summary>
    public PixelBox? Box()
    {
        int left = Width, right = -1, top = -1, bottom = -1;
        for (var y = 0; y < Height; y++)
        {
            var row = Pixels.AsSpan(y * Width, Width);
            var first = row.IndexOf(true);
            if (first < 0)
                continue;
            left = Math.Min(left, first);
            right = Math.Max(right, row.LastIndexOf(true));
            top = top < 0 ? y : top;
            bottom = y;
        }

        return right < 0 ? null : new PixelBox(left, top, right - left + 1, bottom - top + 1);
    }
}
