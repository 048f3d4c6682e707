using Mammo.Data.Images;

namespace Mammo.Networks.Inference;

/// <summary>How images are predicted. What is null comes from each model's card, and from the original's defaults where the card is silent.</summary>
public sealed record PredictorOptions
{
    /// <summary>Rows and columns given to the network.</summary>
    public ImageSize? ImageSize { get; init; }

    /// <summary>Factor from stored integers to the 0..255 scale.</summary>
    public double? RescaleFactor { get; init; }

    /// <summary>Maximum that every image is scaled to, in place of a fixed factor.</summary>
    public double? TargetScale { get; init; }

    /// <summary>Mean that is subtracted after rescaling, on the 0..255 scale.</summary>
    public double? FeaturewiseMean { get; init; }

    /// <summary>Equalise the histogram after rescaling.</summary>
    public bool? EqualizeHistogram { get; init; }

    /// <summary>Stretch each image's range to that of its bit depth first.</summary>
    public bool? AutoLevel { get; init; }

    /// <summary>Average the scores of the image and its three flips.</summary>
    public bool Augment { get; init; }

    /// <summary>Planes in one run of the network; 0 for what is fastest on the device.</summary>
    public int BatchSize { get; init; }

    /// <summary>Threads that decode and prepare; 0 for one per processor.</summary>
    public int WorkerCount { get; init; }

    /// <summary><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:n</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Number type of the network.</summary>
    public Precision Precision { get; init; }

    /// <summary>What runs the network.</summary>
    public EngineKind Engine { get; init; }
}
