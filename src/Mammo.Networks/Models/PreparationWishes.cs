using Mammo.Data.Images;

namespace Mammo.Networks.Models;

/// <summary>What a user asks of the preparation of images. What is null comes from the model's card, and from the original's defaults where the card is silent.</summary>
public sealed record PreparationWishes
{
    /// <summary>Nothing: all comes from the card.</summary>
    public static PreparationWishes None { get; } = new();

    /// <summary>Rows and columns given to the network.</summary>
    public ImageSize? ImageSize { get; init; }

    /// <summary>Stretch each image's range to that of its bit depth first.</summary>
    public bool? AutoLevel { get; init; }

    /// <summary>Factor from stored integers to the 0..255 scale.</summary>
    public double? RescaleFactor { get; init; }

    /// <summary>Maximum that every image is scaled to, in place of a fixed factor.</summary>
    public double? TargetScale { get; init; }

    /// <summary>Mean that is subtracted after rescaling, on the 0..255 scale.</summary>
    public double? FeaturewiseMean { get; init; }

    /// <summary>Equalise the histogram after rescaling.</summary>
    public bool? EqualizeHistogram { get; init; }
}
