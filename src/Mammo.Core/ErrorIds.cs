using System.Collections.Frozen;
using System.Reflection;

namespace Mammo;

/// <summary>The stable ids of Mammo's errors and warnings, one constant each; docs/errors.md explains them and a test holds the two together.</summary>
public static partial class ErrorIds
{
    /// <summary>The argument of a parameter is out of its range, empty, or not of the kind that the parameter takes.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string ArgumentInvalid = "Mammo.ArgumentInvalid";

    /// <summary>The rescale factor belongs to another bit depth than the image has.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string BitDepthMismatch = "Mammo.BitDepthMismatch";

    /// <summary>Images of 8 and 16 bits are in one run.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string BitDepthMixed = "Mammo.BitDepthMixed";

    /// <summary>No breast can be found in an image: it is black, of one grey, or all of it looks like background.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string BreastNotFound = "Mammo.BreastNotFound";

    /// <summary>Predictions cannot calibrate scores: one class, scores outside 0..1, all equal or completely separated.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string CalibrationImpossible = "Mammo.CalibrationImpossible";

    /// <summary>A folder already holds the checkpoints of a training that is not being resumed.</summary>
    [Kind(ErrorKind.ResourceExists)]
    public const string CheckpointExists = "Mammo.CheckpointExists";

    /// <summary>No checkpoint of a folder can be read.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string CheckpointInvalid = "Mammo.CheckpointInvalid";

    /// <summary>A checkpoint belongs to other data or other options than the training that would resume from it.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string CheckpointMismatch = "Mammo.CheckpointMismatch";

    /// <summary>A checkpoint cannot be written.</summary>
    [Kind(ErrorKind.WriteError)]
    public const string CheckpointUnwritable = "Mammo.CheckpointUnwritable";

    /// <summary>A class of a dataset has no images, or none of them could be scored.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ClassEmpty = "Mammo.ClassEmpty";

    /// <summary>A class that was asked for has no folder below the root of the dataset.</summary>
    [Kind(ErrorKind.ObjectNotFound)]
    public const string ClassFolderMissing = "Mammo.ClassFolderMissing";

    /// <summary>The order of classes looks reversed: the last one must be the positive one.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ClassOrderReversed = "Mammo.ClassOrderReversed";

    /// <summary>Classes of data were matched with a model's by their meaning, not their names.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ClassesMatched = "Mammo.ClassesMatched";

    /// <summary>An option of image conversion is out of its range.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string ConversionOptionInvalid = "Mammo.ConversionOptionInvalid";

    /// <summary>Two images would be converted to one file, or an image would replace itself.</summary>
    [Kind(ErrorKind.ResourceExists)]
    public const string ConversionTargetTaken = "Mammo.ConversionTargetTaken";

    /// <summary>Training and validation share patients or images.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DataLeakage = "Mammo.DataLeakage";

    /// <summary>A dataset contradicts itself or cannot be understood: a CSV without paths, an unknown class, a label out of range.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DatasetInvalid = "Mammo.DatasetInvalid";

    /// <summary>A device is named that this machine or this libtorch does not have.</summary>
    [Kind(ErrorKind.ResourceUnavailable)]
    public const string DeviceUnavailable = "Mammo.DeviceUnavailable";

    /// <summary>There is not enough room on a disk for what will be written.</summary>
    [Kind(ErrorKind.WriteError)]
    public const string DiskFull = "Mammo.DiskFull";

    /// <summary>An engine is asked for with a device or precision that it does not have.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string EngineConflict = "Mammo.EngineConflict";

    /// <summary>An engine could not load or run a network, usually out of memory.</summary>
    [Kind(ErrorKind.ResourceUnavailable)]
    public const string EngineFailed = "Mammo.EngineFailed";

    /// <summary>Histogram equalisation was asked for on values outside 0..255.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string EqualizeRange = "Mammo.EqualizeRange";

    /// <summary>An option of an evaluation is out of its range.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string EvaluationOptionInvalid = "Mammo.EvaluationOptionInvalid";

    /// <summary>A file that would be written exists already.</summary>
    [Kind(ErrorKind.ResourceExists)]
    public const string FileExists = "Mammo.FileExists";

    /// <summary>A file or folder does not exist.</summary>
    [Kind(ErrorKind.ObjectNotFound)]
    public const string FileNotFound = "Mammo.FileNotFound";

    /// <summary>A file cannot be written: no such folder, no permission, no room.</summary>
    [Kind(ErrorKind.WriteError)]
    public const string FileNotWritten = "Mammo.FileNotWritten";

    /// <summary>A folder cannot be made or written to.</summary>
    [Kind(ErrorKind.WriteError)]
    public const string FolderUnwritable = "Mammo.FolderUnwritable";

    /// <summary>New top layers are to be trained together with the body from the start.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string FreshTopLayers = "Mammo.FreshTopLayers";

    /// <summary>A model gives no heatmap of the kind that is asked for, or an option belongs to the other kind.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string HeatmapImpossible = "Mammo.HeatmapImpossible";

    /// <summary>Heatmaps are of images without a prediction, so that no structured report has their regions.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string HeatmapUnreported = "Mammo.HeatmapUnreported";

    /// <summary>An image is in colour and was converted to grey.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ImageColour = "Mammo.ImageColour";

    /// <summary>All pixels of an image are equal.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ImageConstant = "Mammo.ImageConstant";

    /// <summary>An image looks inverted: its background is bright.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ImageInverted = "Mammo.ImageInverted";

    /// <summary>The image library (libvips) cannot be loaded on this machine.</summary>
    [Kind(ErrorKind.NotInstalled)]
    public const string ImageLibraryUnavailable = "Mammo.ImageLibraryUnavailable";

    /// <summary>Images have another size or other proportions than the model was made for.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ImageSizeDiffers = "Mammo.ImageSizeDiffers";

    /// <summary>An image, or the size that it claims, is above the limit.</summary>
    [Kind(ErrorKind.LimitsExceeded)]
    public const string ImageTooLarge = "Mammo.ImageTooLarge";

    /// <summary>A dataset, or predictions that are measured, hold the same image more than once.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ImageTwice = "Mammo.ImageTwice";

    /// <summary>An image file cannot be read: empty, truncated, of an unknown format, or of a kind that Mammo does not read.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ImageUnreadable = "Mammo.ImageUnreadable";

    /// <summary>Images among predictions have no score, and are left out of a measurement.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ImageUnscored = "Mammo.ImageUnscored";

    /// <summary>The interval of an AUC is undefined or has no width: too few samples, or scores that are perfectly separated or all equal.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string IntervalWithoutWidth = "Mammo.IntervalWithoutWidth";

    /// <summary>An image has no laterality where one is needed.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string LateralityMissing = "Mammo.LateralityMissing";

    /// <summary>The learning rate is too low for new layers to learn.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string LearningRateLow = "Mammo.LearningRateLow";

    /// <summary>It is not known where the lesions of an image are: no ROI, no place, no pathology, or it is not in the dataset.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string LesionUnknown = "Mammo.LesionUnknown";

    /// <summary>A list cannot say all that a dataset does: the order of its classes, a further column whose name has a meaning.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ListIncomplete = "Mammo.ListIncomplete";

    /// <summary>A row of a list has no image, or an image has no row.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ListUnmatched = "Mammo.ListUnmatched";

    /// <summary>Images are given as local contrast of another deviation than in the training, or where there was none, or the other way round.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string LocalContrastDiffers = "Mammo.LocalContrastDiffers";

    /// <summary>The maximum of an image after rescaling is far from what the network expects, mostly 255.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string MaximumNot255 = "Mammo.MaximumNot255";

    /// <summary>The feature-wise mean has neither one number nor one for each channel of the network's input.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string MeanCountMismatch = "Mammo.MeanCountMismatch";

    /// <summary>The mean of the images is far from the mean that is subtracted.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string MeanFarFromData = "Mammo.MeanFarFromData";

    /// <summary>The darkest pixel of an image is far from black.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string MinimumNot0 = "Mammo.MinimumNot0";

    /// <summary>There is no network body of that name.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string ModelArchitectureUnknown = "Mammo.ModelArchitectureUnknown";

    /// <summary>Classes and outputs do not belong together: another number, or names that cannot be matched.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string ModelClassMismatch = "Mammo.ModelClassMismatch";

    /// <summary>A model file cannot be read: not HDF5, not safetensors, truncated or inconsistent.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ModelFileInvalid = "Mammo.ModelFileInvalid";

    /// <summary>A network description contradicts itself: an unknown input, a shape that does not fit, a cycle.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ModelGraphInvalid = "Mammo.ModelGraphInvalid";

    /// <summary>Images do not fit the input of a network: another size or number of inputs.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string ModelInputMismatch = "Mammo.ModelInputMismatch";

    /// <summary>A layer of a model file is of a kind, or has an option, that Mammo does not run.</summary>
    [Kind(ErrorKind.NotImplemented)]
    public const string ModelLayerUnsupported = "Mammo.ModelLayerUnsupported";

    /// <summary>No model of that name comes with Mammo.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string ModelNameUnknown = "Mammo.ModelNameUnknown";

    /// <summary>Options of a network contradict each other, are out of range, or do not fit the image or the patch network.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string ModelOptionConflict = "Mammo.ModelOptionConflict";

    /// <summary>There is no head recipe of that name.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string ModelRecipeUnknown = "Mammo.ModelRecipeUnknown";

    /// <summary>A model is used after Remove-MammoModel.</summary>
    [Kind(ErrorKind.InvalidOperation)]
    public const string ModelRemoved = "Mammo.ModelRemoved";

    /// <summary>The weights of a file do not fit the layers of the network.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ModelWeightMismatch = "Mammo.ModelWeightMismatch";

    /// <summary>Models that shall be averaged have other classes, or parts of an ensemble another preparation.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string ModelsDiffer = "Mammo.ModelsDiffer";

    /// <summary>The module is imported from a clone in which it was not built; its manifest reports this before any library is loaded.</summary>
    [Kind(ErrorKind.InvalidOperation)]
    public const string ModuleNotBuilt = "Mammo.ModuleNotBuilt";

    /// <summary>The feature maps of a network for one image take more than the memory budget.</summary>
    [Kind(ErrorKind.LimitsExceeded)]
    public const string NetworkTooLarge = "Mammo.NetworkTooLarge";

    /// <summary>A model does not fit the 2 GB of an ONNX file.</summary>
    [Kind(ErrorKind.LimitsExceeded)]
    public const string OnnxTooLarge = "Mammo.OnnxTooLarge";

    /// <summary>ONNX Runtime cannot be loaded on this machine.</summary>
    [Kind(ErrorKind.NotInstalled)]
    public const string OnnxUnavailable = "Mammo.OnnxUnavailable";

    /// <summary>Another copy of the module is loaded in this session; the manifest reports this before any library is loaded.</summary>
    [Kind(ErrorKind.InvalidOperation)]
    public const string OtherCopyLoaded = "Mammo.OtherCopyLoaded";

    /// <summary>The last layer of a network does not say whether its outputs are probabilities.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string OutputActivationUnknown = "Mammo.OutputActivationUnknown";

    /// <summary>An option of patch sampling is out of its range.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string PatchOptionInvalid = "Mammo.PatchOptionInvalid";

    /// <summary>Fewer patches were cut from an image than were asked for.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string PatchesFewer = "Mammo.PatchesFewer";

    /// <summary>An image has no patient id where one is needed.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string PatientMissing = "Mammo.PatientMissing";

    /// <summary>An image's patient belongs to no part of a split.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string PatientNotInSplit = "Mammo.PatientNotInSplit";

    /// <summary>Exact bounds need one sample a patient, and a patient has several.</summary>
    [Kind(ErrorKind.InvalidOperation)]
    public const string PatientNotIndependent = "Mammo.PatientNotIndependent";

    /// <summary>One patient's id is written in several ways (120, 120.0, 00120); it counts as one patient.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string PatientSpellings = "Mammo.PatientSpellings";

    /// <summary>A record from elsewhere is no prediction that can be measured: no score, no class, or not numbers.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string PredictionInvalid = "Mammo.PredictionInvalid";

    /// <summary>The model of a prediction is not at hand, or has other weights now.</summary>
    [Kind(ErrorKind.ObjectNotFound)]
    public const string PredictionModelMissing = "Mammo.PredictionModelMissing";

    /// <summary>
    /// Predictions that do not belong together: other classes, labels outside them, bad weights; heatmaps of several models, or two of one image.
    /// </summary>
    [Kind(ErrorKind.InvalidData)]
    public const string PredictionsMixed = "Mammo.PredictionsMixed";

    /// <summary>A rescale factor or mean is known neither from a parameter nor from the model's card.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string PreparationAssumed = "Mammo.PreparationAssumed";

    /// <summary>A region of interest has no pixels in its image, or none inside the breast.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string RoiEmpty = "Mammo.RoiEmpty";

    /// <summary>The mask of a region of interest has more than two values, as JPEG makes them; those above half of the highest count.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string RoiMaskGrey = "Mammo.RoiMaskGrey";

    /// <summary>The mask of a region of interest covers more than half of its image.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string RoiMaskLarge = "Mammo.RoiMaskLarge";

    /// <summary>The mask of a region of interest does not have its image's proportions.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string RoiMaskMismatch = "Mammo.RoiMaskMismatch";

    /// <summary>No patch of the size asked for has enough overlap with a region of interest.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string RoiNotSampled = "Mammo.RoiNotSampled";

    /// <summary>Regions of interest cannot train this network, or there are none in the training set.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string RoiTrainingImpossible = "Mammo.RoiTrainingImpossible";

    /// <summary>Two rows of a list say different things about the same lesion or image.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string RowsContradict = "Mammo.RowsContradict";

    /// <summary>A score is NaN or infinite.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ScoreInvalid = "Mammo.ScoreInvalid";

    /// <summary>A split file cannot be used: another format, a hash that does not fit, a patient in two parts.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string SplitFileInvalid = "Mammo.SplitFileInvalid";

    /// <summary>Patients cannot be split as asked: too few, shares that do not add up, a label with one patient.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string SplitImpossible = "Mammo.SplitImpossible";

    /// <summary>A sweep heatmap has no place for a single patch.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string SweepImpossible = "Mammo.SweepImpossible";

    /// <summary>Two runs that shall be compared have other images, classes, patients or weights.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string TestSetsDiffer = "Mammo.TestSetsDiffer";

    /// <summary>libtorch cannot be loaded on this machine.</summary>
    [Kind(ErrorKind.NotInstalled)]
    public const string TorchUnavailable = "Mammo.TorchUnavailable";

    /// <summary>The loss of a training became infinite or not a number.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string TrainingDiverged = "Mammo.TrainingDiverged";

    /// <summary>An option of a training is out of its range or contradicts another.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string TrainingOptionInvalid = "Mammo.TrainingOptionInvalid";

    /// <summary>A failure that Mammo did not foresee.</summary>
    [Kind(ErrorKind.NotSpecified)]
    public const string Unexpected = "Mammo.Unexpected";

    /// <summary>A validation set lacks a class, so that its AUC is undefined.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ValidationOneClass = "Mammo.ValidationOneClass";

    /// <summary>A weight does not fit the number format that a model shall be written in.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string WeightOutOfRange = "Mammo.WeightOutOfRange";

    private static readonly FrozenDictionary<string, ErrorKind> Kinds = typeof(ErrorIds).GetFields(BindingFlags.Public | BindingFlags.Static)
        .ToFrozenDictionary(field => (string)field.GetRawConstantValue()!, field => field.GetCustomAttribute<KindAttribute>()?.Kind ?? ErrorKind.NotSpecified);

    /// <summary>The kind of failure that an id is.</summary>
    /// <param name="errorId">One of the ids.</param>
    public static ErrorKind KindOf(string errorId) => Kinds.GetValueOrDefault(errorId, ErrorKind.NotSpecified);
}
