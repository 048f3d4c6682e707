namespace Mammo;

/// <content>In what an image differs from those that a network was trained on.</content>
public static partial class ErrorIds
{
    /// <summary>An image has another bit depth than the training images.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string InputDepth = "Mammo.InputDepth";

    /// <summary>The greys of an image's breast are far from those of the training images.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string InputGreys = "Mammo.InputGreys";

    /// <summary>There are labels or markers in an image, which the training images had not.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string InputMarks = "Mammo.InputMarks";

    /// <summary>The chest wall of an image is on another side than in the training images.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string InputSide = "Mammo.InputSide";

    /// <summary>An image has another size or other proportions than the training images.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string InputSize = "Mammo.InputSize";

    /// <summary>A model's card does not say what its training images looked like.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string InputUnknown = "Mammo.InputUnknown";

    /// <summary>An image is from equipment of another manufacturer than the training images.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string InputVendor = "Mammo.InputVendor";

    /// <summary>An image has a view that the training images did not have.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string InputView = "Mammo.InputView";

    /// <summary>Other values of a DICOM image are shown than in the training.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string InputVoi = "Mammo.InputVoi";

    /// <summary>Films give no hard negatives, for it is not known where on them a lesion is.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string FilmNotMined = "Mammo.FilmNotMined";

    /// <summary>Images are given as local contrast of another deviation than in the training, or where there was none, or the other way round.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string LocalContrastDiffers = "Mammo.LocalContrastDiffers";

    /// <summary>A rescale factor or target scale was given for a model of local contrast, whose values do not depend on the bit depth.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string RescaleFactorUnused = "Mammo.RescaleFactorUnused";
}
