using Mammo.Data.Dicom;
using Mammo.Networks.Models;

namespace Mammo.Scoring;

/// <summary>How images are predicted.</summary>
public sealed record PredictorOptions
{
    /// <summary>How the images are prepared.</summary>
    public PreparationWishes Preparation { get; init; } = PreparationWishes.None;

    /// <summary>
    /// Which class of the data belongs to which of the model, where the names differ; an empty text for one that the model has no output for.
    /// </summary>
    public IReadOnlyDictionary<string, string>? ClassMap { get; init; }

    /// <summary>How DICOM files are read; other formats have no use for it.</summary>
    public DicomOptions Dicom { get; init; } = DicomOptions.Default;

    /// <summary>Average the scores of the image and its three flips.</summary>
    public bool Augment { get; init; }

    /// <summary>Scores become probabilities by the calibration of each model's card.</summary>
    public bool Calibrate { get; init; }

    /// <summary>Images in one run of the network; 0 for what is fastest on the device.</summary>
    public int BatchSize { get; init; }

    /// <summary>Threads that decode and prepare; 0 for one per processor.</summary>
    public int WorkerCount { get; init; }

    /// <summary><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:n</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Number type of the network.</summary>
    public Precision Precision { get; init; }

    /// <summary>What runs the network.</summary>
    public EngineKind Engine { get; init; }

    /// <summary>Mammo's own engine computes equal pieces of an image, which is mostly its background, once; no score depends on it.</summary>
    public bool SkipBackground { get; init; } = true;
}
