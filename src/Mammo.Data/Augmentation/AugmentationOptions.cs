namespace Mammo.Data.Augmentation;

/// <summary>Ranges of the random transforms of training images, in the words of Keras 2.0.8's image generator. A range of 0 draws nothing.</summary>
public sealed record AugmentationOptions
{
    /// <summary>What both of the original's training programs use: ±25°, shear ±0.2, zoom 0.8 to 1.2, channel shift ±20 grey levels, both flips.</summary>
    public static AugmentationOptions Original { get; } = new()
    {
        RotationRange = 25,
        ShearRange = 0.2,
        ZoomMinimum = 0.8,
        ZoomMaximum = 1.2,
        ChannelShiftRange = 20,
        HorizontalFlip = true,
        VerticalFlip = true,
    };

    /// <summary>Rotation by at most this many degrees either way.</summary>
    public double RotationRange { get; init; }

    /// <summary>Vertical shift by at most this fraction of the height either way.</summary>
    public double HeightShiftRange { get; init; }

    /// <summary>Horizontal shift by at most this fraction of the width either way.</summary>
    public double WidthShiftRange { get; init; }

    /// <summary>Shear angle of at most this many radians either way.</summary>
    public double ShearRange { get; init; }

    /// <summary>Smallest zoom factor from output to input coordinates; above 1 shrinks the picture.</summary>
    public double ZoomMinimum { get; init; } = 1;

    /// <summary>Largest zoom factor; rows and columns are drawn independently.</summary>
    public double ZoomMaximum { get; init; } = 1;

    /// <summary>Grey levels added, at most this many either way, on the 0..255 scale; each channel gets its own unless <see cref="Smooth"/>.</summary>
    public double ChannelShiftRange { get; init; }

    /// <summary>Left and right are exchanged with probability ½.</summary>
    public bool HorizontalFlip { get; init; }

    /// <summary>Top and bottom are exchanged with probability ½.</summary>
    public bool VerticalFlip { get; init; }

    /// <summary>What stands beyond the source image.</summary>
    public AugmentationFill Fill { get; init; }

    /// <summary>The value for <see cref="AugmentationFill.Constant"/>.</summary>
    public double FillValue { get; init; }

    /// <summary>Bilinear interpolation instead of the nearest pixel, and one grey-level shift for all channels, so that a grey image stays grey.</summary>
    public bool Smooth { get; init; }
}

/// <summary>What stands where a transformed image looks beyond its source; the words and arithmetic of <c>scipy.ndimage</c>.</summary>
public enum AugmentationFill
{
    /// <summary>The nearest edge pixel; what the original uses.</summary>
    Nearest,

    /// <summary>A constant value, <see cref="AugmentationOptions.FillValue"/>.</summary>
    Constant,

    /// <summary>The image mirrored at the outer side of its edge pixels (d c b a | a b c d | d c b a).</summary>
    Reflect,

    /// <summary>The image repeated with period n - 1, as scipy's legacy mode <c>wrap</c> does.</summary>
    Wrap,
}
