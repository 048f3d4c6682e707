namespace Mammo.Data.Images;

/// <summary>
/// ImageMagick's <c>-auto-level</c>: the darkest pixel becomes 0, the brightest the highest value of the bit depth.
/// The published models' images had this done to them before they were resized.
/// </summary>
public static class AutoLevel
{
    /// <summary>Stretches the image's own range to 0..255 or 0..65535, rounding to nearest; a constant image is returned unchanged.</summary>
    /// <param name="image">Image of 8 or 16 bits.</param>
    public static GreyImage Apply(GreyImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.EachPlane(Stretch);
    }

    private static GreyImage Stretch(GreyImage image)
    {
        var (minimum, maximum) = image.Range();
        var full = image.HighestValue;
        if (minimum == maximum || (minimum == 0 && maximum == full))
            return image;
        var table = new ushort[maximum - minimum + 1];
        for (var i = 0; i < table.Length; i++)
            table[i] = (ushort)(((2L * i * full) + maximum - minimum) / (2L * (maximum - minimum)));
        return image.With(Array.ConvertAll(image.Pixels, pixel => table[pixel - minimum]));
    }
}
