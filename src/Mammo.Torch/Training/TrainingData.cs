using System.Collections.Immutable;
using Mammo.Data.Augmentation;
using Mammo.Data.Datasets;
using Mammo.Data.Dicom;
using Mammo.Data.Images;
using Mammo.Data.Preparations;

namespace Mammo.Torch.Training;

/// <summary>What a model is trained on, and how its images are read.</summary>
/// <param name="Train">Training set; every image has a label.</param>
/// <param name="Validation">Validation set, with the same classes.</param>
/// <param name="Preparation">What is done to every image; names the size.</param>
public sealed record TrainingData(MammoDataset Train, MammoDataset Validation, Preparation Preparation)
{
    /// <summary>Random transforms of training images; null for none.</summary>
    public AugmentationOptions? Augmentation { get; init; }

    /// <summary>
    /// The images are patches cut from films, which are judged together only: a patch of dense tissue is bright all over, one of fat or background dark.
    /// </summary>
    public bool ArePatches { get; init; }

    /// <summary>Films from which hard negatives are mined during the training of a patch classifier; null for none.</summary>
    public HardNegativeMining? HardNegatives { get; init; }

    /// <summary>How DICOM files are read.</summary>
    public DicomOptions Dicom { get; init; } = DicomOptions.Default;

    /// <summary>Hold the training images in memory, as stored 8- or 16-bit pixels.</summary>
    public bool LoadTrainRam { get; init; }

    /// <summary>Hold the validation images in memory.</summary>
    public bool LoadValidationRam { get; init; }

    /// <summary>Folder in which decoded and resized images are kept between runs; null for none.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Images read at the same time, ahead of the network; 0 for one per processor. The weights do not depend on it.</summary>
    public int WorkerCount { get; init; }

    /// <summary>Go on although training and validation share patients or images.</summary>
    public bool AllowLeakage { get; init; }
}
