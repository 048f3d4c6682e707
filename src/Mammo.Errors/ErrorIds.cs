namespace Mammo;

/// <summary>The stable ids of Mammo's errors and warnings, one constant each; docs/errors.md explains them and a test holds the two together.</summary>
public static class ErrorIds
{
    /// <summary>No breast can be found in an image: it is black, of one grey, or all of it looks like background.</summary>
    public const string BreastNotFound = "Mammo.BreastNotFound";

    /// <summary>A class that was asked for has no folder below the root of the data set.</summary>
    public const string ClassFolderMissing = "Mammo.ClassFolderMissing";

    /// <summary>A data set contradicts itself or cannot be understood: a CSV without paths, an unknown class, a label out of range.</summary>
    public const string DatasetInvalid = "Mammo.DatasetInvalid";

    /// <summary>Histogram equalisation was asked for on values outside 0..255.</summary>
    public const string EqualizeRange = "Mammo.EqualizeRange";

    /// <summary>A file that would be written exists already.</summary>
    public const string FileExists = "Mammo.FileExists";

    /// <summary>A file or folder does not exist.</summary>
    public const string FileNotFound = "Mammo.FileNotFound";

    /// <summary>A file cannot be written: the folder, its rights or the space.</summary>
    public const string FileUnwritable = "Mammo.FileUnwritable";

    /// <summary>The image library (libvips) cannot be loaded on this machine.</summary>
    public const string ImageLibraryUnavailable = "Mammo.ImageLibraryUnavailable";

    /// <summary>An image, or the size that it claims, is above the limit.</summary>
    public const string ImageTooLarge = "Mammo.ImageTooLarge";

    /// <summary>An image file cannot be read: empty, truncated, of an unknown format, or of a kind that Mammo does not read.</summary>
    public const string ImageUnreadable = "Mammo.ImageUnreadable";

    /// <summary>A model file cannot be read: not HDF5, not safetensors, truncated or inconsistent.</summary>
    public const string ModelFileInvalid = "Mammo.ModelFileInvalid";

    /// <summary>A network description contradicts itself: an unknown input, a shape that does not fit, a cycle.</summary>
    public const string ModelGraphInvalid = "Mammo.ModelGraphInvalid";

    /// <summary>A layer of a model file is of a kind, or has an option, that Mammo does not run.</summary>
    public const string ModelLayerUnsupported = "Mammo.ModelLayerUnsupported";

    /// <summary>The weights of a file do not fit the layers of the network.</summary>
    public const string ModelWeightMismatch = "Mammo.ModelWeightMismatch";

    /// <summary>An option of patch sampling is out of its range.</summary>
    public const string PatchOptionInvalid = "Mammo.PatchOptionInvalid";

    /// <summary>Predictions that do not belong together: other classes, labels outside them, bad weights.</summary>
    public const string PredictionsMixed = "Mammo.PredictionsMixed";

    /// <summary>A region of interest has no pixels in its image, or none inside the breast.</summary>
    public const string RoiEmpty = "Mammo.RoiEmpty";

    /// <summary>The mask of a region of interest does not have its image's size.</summary>
    public const string RoiMaskMismatch = "Mammo.RoiMaskMismatch";

    /// <summary>No patch of the size asked for has enough overlap with a region of interest.</summary>
    public const string RoiNotSampled = "Mammo.RoiNotSampled";

    /// <summary>Patients cannot be split as asked: too few, shares that do not add up, a label with one patient.</summary>
    public const string SplitImpossible = "Mammo.SplitImpossible";

    /// <summary>A sweep heatmap has no place for a single patch.</summary>
    public const string SweepImpossible = "Mammo.SweepImpossible";

    /// <summary>libtorch cannot be loaded on this machine.</summary>
    public const string TorchUnavailable = "Mammo.TorchUnavailable";

    /// <summary>A failure that Mammo did not foresee.</summary>
    public const string Unexpected = "Mammo.Unexpected";
}
