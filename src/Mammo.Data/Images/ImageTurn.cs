namespace Mammo.Data.Images;

/// <summary>How an image was turned after it was read, so that it hangs as others do; the default turns nothing.</summary>
/// <param name="IsTransposed">Rows become columns first.</param>
/// <param name="IsMirrored">Left and right are exchanged then.</param>
/// <param name="IsUpsideDown">Top and bottom are exchanged then.</param>
public readonly record struct ImageTurn(bool IsTransposed, bool IsMirrored, bool IsUpsideDown)
{
    /// <summary>Size after turning, and from a turned image back to the file's.</summary>
    /// <param name="size">Size before.</param>
    public ImageSize Apply(ImageSize size) => IsTransposed ? new ImageSize(size.Width, size.Height) : size;

    /// <summary>Turns an image.</summary>
    /// <param name="image">As it is stored.</param>
    public GreyImage Apply(GreyImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return this == default ? image : image.With(Apply(image.Pixels, image.Size), Apply(image.Size));
    }

    /// <summary>Turns a mask.</summary>
    /// <param name="mask">In the frame of the stored image.</param>
    public Mask Apply(Mask mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return this == default ? mask : IsTransposed
            ? new Mask(mask.Width, mask.Height, Apply(mask.Pixels, new ImageSize(mask.Height, mask.Width)))
            : new Mask(mask.Height, mask.Width, Apply(mask.Pixels, new ImageSize(mask.Height, mask.Width)));
    }

    /// <summary>Where a place of the turned image is in the stored one; whole numbers are the middles of pixels.</summary>
    /// <param name="x">Column in the turned image.</param>
    /// <param name="y">Row in the turned image.</param>
    /// <param name="turned">Size of the turned image.</param>
    public (double X, double Y) Stored(double x, double y, ImageSize turned)
    {
        if (IsMirrored)
            x = turned.Width - 1 - x;
        if (IsUpsideDown)
            y = turned.Height - 1 - y;
        return IsTransposed ? (y, x) : (x, y);
    }

    private T[] Apply<T>(T[] pixels, ImageSize stored)
    {
        var (height, width) = (Apply(stored).Height, Apply(stored).Width);
        var turned = new T[pixels.Length];
        // Steps in the source from one column, and from one row, to the next.
        var (across, down) = IsTransposed ? (stored.Width, 1) : (1, stored.Width);
        for (var y = 0; y < height; y++)
        {
            var target = turned.AsSpan((IsUpsideDown ? height - 1 - y : y) * width, width);
            for (var x = 0; x < width; x++)
                target[IsMirrored ? width - 1 - x : x] = pixels[(y * down) + (x * across)];
        }

        return turned;
    }
}
