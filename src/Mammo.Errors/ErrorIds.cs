namespace Mammo;

/// <summary>The stable ids of Mammo's errors and warnings, one constant each; docs/errors.md explains them and a test holds the two together.</summary>
public static class ErrorIds
{
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

    /// <summary>Predictions that do not belong together: other classes, labels outside them, bad weights.</summary>
    public const string PredictionsMixed = "Mammo.PredictionsMixed";

    /// <summary>libtorch cannot be loaded on this machine.</summary>
    public const string TorchUnavailable = "Mammo.TorchUnavailable";

    /// <summary>A failure that Mammo did not foresee.</summary>
    public const string Unexpected = "Mammo.Unexpected";
}
