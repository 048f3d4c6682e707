namespace Mammo;

/// <content>What is said of DICOM files.</content>
public static partial class ErrorIds
{
    /// <summary>A password would be sent to another machine without encryption.</summary>
    [Kind(ErrorKind.InvalidOperation)]
    public const string CredentialUnencrypted = "Mammo.CredentialUnencrypted";

    /// <summary>A compressed DICOM image has another number of bits than its elements say, or values outside them.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomBitDepth = "Mammo.DicomBitDepth";

    /// <summary>Text is burned into a DICOM image.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomBurnedInText = "Mammo.DicomBurnedInText";

    /// <summary>A DICOM image is in colour.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomColour = "Mammo.DicomColour";

    /// <summary>A DICOM image is for processing: the detector's signal.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomForProcessing = "Mammo.DicomForProcessing";

    /// <summary>A DICOM image lacks an identifier or a date without which nothing can be stored beside it.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomIdentityMissing = "Mammo.DicomIdentityMissing";

    /// <summary>The breast has an implant.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomImplant = "Mammo.DicomImplant";

    /// <summary>A DICOM image is a magnification view.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomMagnification = "Mammo.DicomMagnification";

    /// <summary>A DICOM image is of another modality or part of the body.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomModality = "Mammo.DicomModality";

    /// <summary>A DICOM image has several frames and none is named, or one that does not exist.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomMultiFrame = "Mammo.DicomMultiFrame";

    /// <summary>A DICOM file holds no image: a directory, a report, a presentation state.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomNotImage = "Mammo.DicomNotImage";

    /// <summary>A DICOM file does not say how its image lies, so that it was not turned.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomOrientation = "Mammo.DicomOrientation";

    /// <summary>A DICOM file has more pixels than its rows and columns need.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomPixelDataLong = "Mammo.DicomPixelDataLong";

    /// <summary>A result cannot be stored as the DICOM object that is asked for, or the image is not the one that it belongs to.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomResultImpossible = "Mammo.DicomResultImpossible";

    /// <summary>A DICOM image is a secondary capture or a screenshot.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomSecondaryCapture = "Mammo.DicomSecondaryCapture";

    /// <summary>A DICOM server does not let this user store anything.</summary>
    [Kind(ErrorKind.InvalidOperation)]
    public const string DicomServerAccess = "Mammo.DicomServerAccess";

    /// <summary>A DICOM server cannot be reached, fails, or does not say what became of an instance.</summary>
    [Kind(ErrorKind.ResourceUnavailable)]
    public const string DicomServerFailed = "Mammo.DicomServerFailed";

    /// <summary>The breast hangs from another side of a DICOM image than the file says.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomSide = "Mammo.DicomSide";

    /// <summary>The image of a result is no DICOM file, so that the result belongs to no study.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomSourceMissing = "Mammo.DicomSourceMissing";

    /// <summary>A DICOM image shows a specimen.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomSpecimen = "Mammo.DicomSpecimen";

    /// <summary>A DICOM image is a spot compression view.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomSpotCompression = "Mammo.DicomSpotCompression";

    /// <summary>A DICOM server refused an instance.</summary>
    [Kind(ErrorKind.InvalidOperation)]
    public const string DicomStoreRefused = "Mammo.DicomStoreRefused";

    /// <summary>A DICOM image was computed from a tomosynthesis scan.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomSynthetic = "Mammo.DicomSynthetic";

    /// <summary>A DICOM image is a slice or a projection of a tomosynthesis scan, or all of them.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomTomosynthesis = "Mammo.DicomTomosynthesis";

    /// <summary>A DICOM file does not say how it is written, or in a way that is not read.</summary>
    [Kind(ErrorKind.NotImplemented)]
    public const string DicomTransferSyntax = "Mammo.DicomTransferSyntax";

    /// <summary>A DICOM image has another view than CC or MLO.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomView = "Mammo.DicomView";

    /// <summary>A DICOM file lacks the lookup table or window that is asked for.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string DicomVoiMissing = "Mammo.DicomVoiMissing";

    /// <summary>The window or lookup table of a DICOM file cannot be used, or shows all values as one grey.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string DicomWindow = "Mammo.DicomWindow";

    /// <summary>Heatmaps are of images without a prediction, so that no structured report has their regions.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string HeatmapUnreported = "Mammo.HeatmapUnreported";

    /// <summary>The model of a prediction is not at hand, or has other weights now.</summary>
    [Kind(ErrorKind.ObjectNotFound)]
    public const string PredictionModelMissing = "Mammo.PredictionModelMissing";
}
