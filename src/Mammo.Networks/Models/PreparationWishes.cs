using Mammo.Data.Images;

namespace Mammo.Networks.Models;

/// <summary>
/// What a user asks of the preparation of images. What is null comes from the model's card, and from the original's defaults where the card is silent.
/// </summary>
public sealed record PreparationWishes
{
    /// <summary>Nothing: all comes from the card.</summary>
    public static PreparationWishes None { get; } = new();

    /// <summary>Rows and columns given to the network.</summary>
    public ImageSize? ImageSize { get; init; }

    /// <summary>Stretch each image's range to that of its bit depth first.</summary>
    public bool? AutoLevel { get; init; }

    /// <summary>Local contrast of this deviation in pixels; 0 for none, whatever the card says.</summary>
    public double? LocalContrast { get; init; }

    /// <summary>Factor from stored integers to the 0..255 scale.</summary>
    public double? RescaleFactor { get; init; }

    /// <summary>Maximum that every image is scaled to, in place of a fixed factor.</summary>
    public double? TargetScale { get; init; }

    /// <summary>Mean that is subtracted after rescaling, on the 0..255 scale: one number, or one for each channel of the network's input.</summary>
    public FeaturewiseMean? FeaturewiseMean { get; init; }

    /// <summary>Subtract no mean, whatever the card says.</summary>
    public bool NoFeaturewiseMean { get; init; }

    /// <summary>Equalise the histogram after rescaling.</summary>
    public bool? EqualizeHistogram { get; init; }
}

/// <summary>What a preparation is for, and the original's defaults there.</summary>
/// <param name="FeaturewiseMean">The original's default mean, on the 0..255 scale.</param>
/// <param name="ImageSize">The original's default size; null where the network's or the image's own is taken.</param>
/// <param name="IsTraining">
/// Networks without dense layers over positions are trained at any size, and stored pixels are taken as they are where no factor is known.
/// </param>
public sealed record PreparationUse(double FeaturewiseMean, ImageSize? ImageSize = null, bool IsTraining = false)
{
    /// <summary>Scores and heatmaps.</summary>
    public static PreparationUse Scoring { get; } = new(52.16);

    /// <summary>Training of whole-image classifiers.</summary>
    public static PreparationUse WholeImageTraining { get; } = new(52.16, new ImageSize(1152, 896), IsTraining: true);

    /// <summary>Training of patch classifiers.</summary>
    public static PreparationUse PatchTraining { get; } = new(59.6, new ImageSize(256, 256), IsTraining: true);
}
