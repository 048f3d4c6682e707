using Mammo.Data.Images;

namespace Mammo.Data.Segmentation;

/// <summary>An image shrunk by a whole factor (mean of each block) and smoothed over 3 × 3, without the constant rows and columns at its edges.</summary>
internal sealed class SmallImage
{
    private const int LongestSide = 512;

    public SmallImage(GreyImage image)
    {
        Factor = (Math.Max(image.Height, image.Width) + LongestSide - 1) / LongestSide;
        Content = ContentOf(image);
        (Height, Width) = ((Content.Height + Factor - 1) / Factor, (Content.Width + Factor - 1) / Factor);
        Values = Smooth(Shrink(image));
    }

    /// <summary>Side of the block that became a pixel.</summary>
    public int Factor { get; }

    /// <summary>The part of the image that is not padding.</summary>
    public PixelBox Content { get; }

    public int Height { get; }

    public int Width { get; }

    public float[] Values { get; }

    /// <summary>A mask of the small image in the frame of the large one.</summary>
    public Mask Enlarge(Mask small, GreyImage image)
    {
        var pixels = new bool[image.Pixels.Length];
        for (var y = Content.Y; y < Content.Bottom; y++)
        {
            for (var x = Content.X; x < Content.Right; x++)
                pixels[y * image.Width + x] = small.Pixels[(y - Content.Y) / Factor * Width + (x - Content.X) / Factor];
        }

        return new Mask(image.Height, image.Width, pixels);
    }

    private static PixelBox ContentOf(GreyImage image)
    {
        bool IsConstantRow(int y) => !image.Pixels.AsSpan(y * image.Width, image.Width).ContainsAnyExcept(image.Pixels[y * image.Width]);

        bool IsConstantColumn(int x)
        {
            for (var at = x; at < image.Pixels.Length; at += image.Width)
            {
                if (image.Pixels[at] != image.Pixels[x])
                    return false;
            }

            return true;
        }

        int top = 0, left = 0, bottom = image.Height, right = image.Width;
        while (top < bottom - 1 && IsConstantRow(top))
            top++;
        while (bottom > top + 1 && IsConstantRow(bottom - 1))
            bottom--;
        while (left < right - 1 && IsConstantColumn(left))
            left++;
        while (right > left + 1 && IsConstantColumn(right - 1))
            right--;
        return new PixelBox(left, top, right - left, bottom - top);
    }

    private float[] Shrink(GreyImage image)
    {
        var sums = new long[Height * Width];
        for (var y = Content.Y; y < Content.Bottom; y++)
        {
            var row = image.Pixels.AsSpan((y * image.Width) + Content.X, Content.Width);
            var at = (y - Content.Y) / Factor * Width;
            for (; row.Length > Factor; row = row[Factor..], at++)
                sums[at] += Sum(row[..Factor]);
            sums[at] += Sum(row);
        }

        var means = new float[sums.Length];
        for (var i = 0; i < means.Length; i++)
        {
            var rows = Math.Min(Factor, Content.Height - (i / Width * Factor));
            var columns = Math.Min(Factor, Content.Width - (i % Width * Factor));
            means[i] = (float)sums[i] / (rows * columns);
        }

        return means;
    }

    private static long Sum(ReadOnlySpan<ushort> pixels)
    {
        var sum = 0L;
        foreach (var pixel in pixels)
            sum += pixel;
        return sum;
    }

    private float[] Smooth(float[] values)
    {
        var smooth = new float[values.Length];
        for (var y = 0; y < Height; y++)
        {
            var above = Row(y - 1);
            var here = Row(y);
            var below = Row(y + 1);
            for (var x = 0; x < Width; x++)
            {
                var (left, right) = (Math.Max(x - 1, 0), Math.Min(x + 1, Width - 1));
                var sum = above[left] + above[x] + above[right];
                sum = sum + here[left] + here[x] + here[right];
                sum = sum + below[left] + below[x] + below[right];
                smooth[y * Width + x] = sum / 9;
            }
        }

        return smooth;

        ReadOnlySpan<float> Row(int y) => values.AsSpan(Math.Clamp(y, 0, Height - 1) * Width, Width);
    }
}
