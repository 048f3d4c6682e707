namespace Mammo.Data.Augmentation;

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
