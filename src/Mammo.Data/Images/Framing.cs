namespace Mammo.Data.Images;

/// <summary>Cuts, pads, mirrors and blanks images and masks without changing a grey value.</summary>
public static class Framing
{
    /// <summary>The part of an image inside a box that lies within it.</summary>
    public static GreyImage Crop(GreyImage image, PixelBox box)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.EachPlane(plane => plane.With(Crop(plane.Pixels, plane.Height, plane.Width, box), new ImageSize(box.Height, box.Width)));
    }

    /// <summary>The part of a mask inside a box that lies within it.</summary>
    public static Mask Crop(Mask mask, PixelBox box)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return new(box.Height, box.Width, Crop(mask.Pixels, mask.Height, mask.Width, box));
    }

    /// <summary>Adds a black margin on all four sides.</summary>
    public static GreyImage AddMargin(GreyImage image, int margin)
    {
        ArgumentNullException.ThrowIfNull(image);
        var size = new ImageSize(image.Height + 2 * margin, image.Width + 2 * margin);
        return image.EachPlane(plane => plane.With(AddMargin(plane.Pixels, plane.Height, plane.Width, margin), size));
    }

    /// <summary>Adds an empty margin on all four sides.</summary>
    public static Mask AddMargin(Mask mask, int margin)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return new(mask.Height + 2 * margin, mask.Width + 2 * margin, AddMargin(mask.Pixels, mask.Height, mask.Width, margin));
    }

    /// <summary>The image with its columns in reverse order.</summary>
    public static GreyImage FlipHorizontal(GreyImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.EachPlane(plane => plane.With(Flip(plane.Pixels, plane.Width, horizontal: true, vertical: false)));
    }

    /// <summary>A mirrored copy of an image's pixels or a plane's values.</summary>
    /// <param name="pixels">Height × width values, row by row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="horizontal">Left becomes right.</param>
    /// <param name="vertical">Top becomes bottom.</param>
    /// <exception cref="ArgumentException">The values do not make whole rows.</exception>
    public static T[] Flip<T>(T[] pixels, int width, bool horizontal, bool vertical)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (pixels.Length % width != 0)
            throw new ArgumentException($"{pixels.Length} values do not make rows of {width}.", nameof(pixels));
        var flipped = new T[pixels.Length];
        for (var start = 0; start < pixels.Length; start += width)
        {
            var row = flipped.AsSpan(vertical ? pixels.Length - width - start : start, width);
            pixels.AsSpan(start, width).CopyTo(row);
            if (horizontal)
                row.Reverse();
        }

        return flipped;
    }

    /// <summary>The image with every pixel outside the mask set to one value.</summary>
    /// <exception cref="ArgumentException">Image and mask differ in size.</exception>
    public static GreyImage Keep(GreyImage image, Mask mask, ushort outside = 0)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(mask);
        if ((image.Height, image.Width) != (mask.Height, mask.Width))
            throw new ArgumentException($"A mask of {mask.Height} x {mask.Width} does not fit an image of {image.Height} x {image.Width}.", nameof(mask));
        return image.EachPlane(plane =>
        {
            var pixels = new ushort[plane.Pixels.Length];
            for (var i = 0; i < pixels.Length; i++)
                pixels[i] = mask.Pixels[i] ? plane.Pixels[i] : outside;
            return plane.With(pixels);
        });
    }

    private static T[] Crop<T>(T[] pixels, int height, int width, PixelBox box)
    {
        if (box.X < 0 || box.Y < 0 || box.Width <= 0 || box.Height <= 0 || box.Right > width || box.Bottom > height)
            throw new ArgumentOutOfRangeException(nameof(box), box, $"The box does not lie in an image of {height} x {width}.");
        var cropped = new T[box.Height * box.Width];
        for (var y = 0; y < box.Height; y++)
            Array.Copy(pixels, (box.Y + y) * width + box.X, cropped, y * box.Width, box.Width);
        return cropped;
    }

    private static T[] AddMargin<T>(T[] pixels, int height, int width, int margin)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        var padded = new T[checked((height + 2 * margin) * (width + 2 * margin))];
        for (var y = 0; y < height; y++)
            Array.Copy(pixels, y * width, padded, (y + margin) * (width + 2 * margin) + margin, width);
        return padded;
    }
}
