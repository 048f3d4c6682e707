using Mammo.Data.Images;

namespace Mammo.Data.Sweeps;

/// <summary>What the original does to each patch of a sweep before the network sees it: in double precision, unlike whole images.</summary>
public sealed record SweepPreparation
{
    /// <summary>The patch's own maximum becomes this value; a patch of zeros stays zero. Null for none.</summary>
    public double? TargetScale { get; init; }

    /// <summary>
    /// Factor on every value, after <see cref="TargetScale"/>; null for none. The original's sweeps have none, but a network that was trained with one needs
    /// it.
    /// </summary>
    public double? RescaleFactor { get; init; }

    /// <summary>Equalise the histogram of the values, truncated to 8 bits.</summary>
    public bool EqualizeHistogram { get; init; }

    /// <summary>Subtracted in the end; null for none.</summary>
    public double? FeaturewiseMean { get; init; }

    /// <summary>Prepares one patch.</summary>
    /// <param name="patch">Stored grey values, of one plane or two, each prepared by itself.</param>
    public Plane Apply(GreyImage patch)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return new Plane(patch.Height, patch.Width, Plane.Join(patch.ZScore is { } zScore ? [Values(zScore), Values(patch)] : [Values(patch)]));
    }

    private float[] Values(GreyImage patch)
    {
        int maximum = patch.Pixels.Max();
        var factor = (TargetScale is { } scale && maximum > 0 ? scale / maximum : 1) * (RescaleFactor ?? 1);
        var values = EqualizeHistogram ? Equalized(patch, factor) : Array.ConvertAll(patch.Pixels, pixel => (float)(pixel * factor));
        if (FeaturewiseMean is { } mean)
        {
            for (var i = 0; i < values.Length; i++)
                values[i] -= (float)mean;
        }

        return values;
    }

    // Values above 255 wrap around, as numpy's conversion does; with a target scale of 255 there are none.
    private static float[] Equalized(GreyImage patch, double factor)
    {
        var bytes = Array.ConvertAll(patch.Pixels, pixel => unchecked((byte)(long)(pixel * factor)));
        Images.EqualizeHistogram.Apply(bytes);
        return Array.ConvertAll(bytes, value => (float)value);
    }
}
