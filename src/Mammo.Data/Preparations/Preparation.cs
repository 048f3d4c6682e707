using System.Text.Json.Serialization;
using Mammo.Data.Images;

namespace Mammo.Data.Preparations;

/// <summary>
/// What is done to an image before a network sees it, in this order: auto-level, cubic resize in the integer type, local contrast, target scale,
/// rescale factor, histogram equalisation, feature-wise mean. Everything is off unless set.
/// </summary>
public sealed record Preparation
{
    /// <summary>The widest <see cref="LocalContrast"/>, in pixels: beyond it the whole film is one neighbourhood.</summary>
    public const double HighestLocalContrast = 1000;

    /// <summary>Rows and columns of the result, whatever the aspect ratio; null keeps the image's size.</summary>
    public ImageSize? Size { get; init; }

    /// <summary>Rows of the result, the columns following the aspect ratio (truncated); wins over <see cref="Size"/>.</summary>
    public int? TargetHeight { get; init; }

    /// <summary>
    /// Make local contrast of the resized image, of this deviation in its pixels (<see cref="Preparations.LocalContrast"/>); null for none. Its values are
    /// 0..255 whatever the bit depth is, and an image that holds local contrast already stays as it is.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LocalContrast { get; init; }

    /// <summary>
    /// Give two planes, z-score in the breast and <see cref="Preparations.LocalContrast"/>, to a network of two channels. All that follows is done to each
    /// plane by itself.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ZScore { get; init; }

    /// <summary>Each image's own maximum becomes this value; an image of zeros stays zero.</summary>
    public double? TargetScale { get; init; }

    /// <summary>Factor on every value, after <see cref="TargetScale"/>; 255/65535 brings 16-bit pixels to 0..255.</summary>
    public double? RescaleFactor { get; init; }

    /// <summary>Equalise the histogram of the values, truncated to whole numbers; they must lie in 0..255.</summary>
    public bool EqualizeHistogram { get; init; }

    /// <summary>Before equalisation, wrap values outside 0..255 modulo 256 as the original does, instead of refusing them.</summary>
    public bool WrapAsUint8 { get; init; }

    /// <summary>
    /// Mean that is subtracted from every value, on the scale of the values. One number is subtracted here; those of a network with one for each channel are
    /// left to its input, where the channels are made of the plane.
    /// </summary>
    public FeaturewiseMean? FeaturewiseMean { get; init; }

    /// <summary>The value that white has after scaling where the preparation fits: what films are judged by, without effect on them.</summary>
    public double Top { get; init; } = ValueScale.Original;

    /// <summary>Stretch each image to the full range of its bit depth before it is resized (<see cref="Images.AutoLevel"/>).</summary>
    public bool AutoLevel { get; init; }

    /// <summary>What is left to do for an image that went through <see cref="Pixels"/>.</summary>
    internal Preparation AfterPixels => this with { AutoLevel = false, LocalContrast = null };

    /// <summary>Prepares an image; the image is left unchanged. May be called from many threads.</summary>
    /// <param name="image">Image as stored.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.EqualizeRange"/>: equalisation of values outside 0..255; <see cref="ErrorIds.LocalContrastDiffers"/>: two planes are asked for, but
    /// the image holds local contrast alone.
    /// </exception>
    public PreparedImage Apply(GreyImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var resized = Pixels(image);
        var (values, scaledMaximum) = Scaled(resized);
        if (ZScore)
        {
            var (first, highest) = Scaled(resized.ZScore ?? throw OnePlane(resized));
            (values, scaledMaximum) = (Plane.Join([first, values]), Math.Max(highest, scaledMaximum));
        }

        var mean = Mean(values);
        if (FeaturewiseMean?.Single is { } subtracted)
            Subtract(values, subtracted);
        return new PreparedImage(new Plane(resized.Height, resized.Width, values))
        {
            ScaledMaximum = scaledMaximum,
            ScaledMean = mean,
        };
    }

    /// <summary>
    /// The steps that work on stored pixels (auto-level, resize, local contrast) alone; <see cref="Apply"/> with <see cref="AfterPixels"/> does the rest.
    /// </summary>
    /// <param name="image">Image as stored.</param>
    internal GreyImage Pixels(GreyImage image)
    {
        var source = AutoLevel ? Images.AutoLevel.Apply(image) : image;
        var resized = CubicResize.Apply(source, source.Size.Resized(TargetHeight, Size));
        if (LocalContrast is { } sigma && source.LocalContrast is null)
            return Preparations.LocalContrast.Apply(resized, sigma, source, ZScore);

        // A network of one plane is given the local contrast of two.
        return ZScore ? resized : resized.OnePlane();
    }

    private (float[] Values, float Maximum) Scaled(GreyImage plane)
    {
        // Every factor and mean is rounded to float32 first, as numpy does when it applies a number to a float32 array.
        var values = Array.ConvertAll(plane.Pixels, pixel => (float)pixel);
        if (TargetScale is { } scale)
            Multiply(values, values.Max() is var highest and not 0 ? scale / highest : 1);
        if (RescaleFactor is { } factor)
            Multiply(values, factor);
        var maximum = values.Max();
        if (EqualizeHistogram)
            Images.EqualizeHistogram.Apply(values, WrapAsUint8);
        return (values, maximum);
    }

    private static MammoException OnePlane(GreyImage image) => new(
        ErrorIds.LocalContrastDiffers,
        image.LocalContrast is null
            ? "The network is given two planes, z-score and local contrast, but the image holds one."
            : "The network is given two planes, z-score and local contrast, but the image holds local contrast alone.",
        "Give films and their -LocalContrast, or patches of New-MammoPatchSet -LocalContrast -ZScore.");

    private static void Multiply(float[] values, double factor)
    {
        var rounded = (float)factor;
        for (var i = 0; i < values.Length; i++)
            values[i] *= rounded;
    }

    private static void Subtract(float[] values, double mean)
    {
        var rounded = (float)mean;
        for (var i = 0; i < values.Length; i++)
            values[i] -= rounded;
    }

    private static double Mean(float[] values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum / values.Length;
    }
}
