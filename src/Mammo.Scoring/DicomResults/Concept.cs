namespace Mammo.Scoring.DicomResults;

/// <summary>A concept by its code: of DICOM (DCM), SNOMED CT (SCT), UCUM or UMLS.</summary>
/// <param name="Value">The code.</param>
/// <param name="Scheme">Designator of the scheme that it belongs to (PS3.16, 8).</param>
/// <param name="Meaning">What it means, at most 64 characters.</param>
internal sealed record Concept(string Value, string Scheme, string Meaning)
{
    public static readonly Concept ImagingMeasurementReport = new("126000", "DCM", "Imaging Measurement Report");
    public static readonly Concept Language = new("121049", "DCM", "Language of Content Item and Descendants");
    public static readonly Concept English = new("en", "RFC5646", "English");
    public static readonly Concept ObserverType = new("121005", "DCM", "Observer Type");
    public static readonly Concept Device = new("121007", "DCM", "Device");
    public static readonly Concept DeviceUid = new("121012", "DCM", "Device Observer UID");
    public static readonly Concept DeviceName = new("121013", "DCM", "Device Observer Name");
    public static readonly Concept DeviceManufacturer = new("121014", "DCM", "Device Observer Manufacturer");
    public static readonly Concept DeviceModel = new("121015", "DCM", "Device Observer Model Name");
    public static readonly Concept ProcedureReported = new("121058", "DCM", "Procedure reported");
    public static readonly Concept ImagingProcedure = new("363679005", "SCT", "Imaging procedure");
    public static readonly Concept ImageLibrary = new("111028", "DCM", "Image Library");
    public static readonly Concept ImageLibraryGroup = new("126200", "DCM", "Image Library Group");
    public static readonly Concept Modality = new("121139", "DCM", "Modality");
    public static readonly Concept ImageLaterality = new("111027", "DCM", "Image Laterality");
    public static readonly Concept ImageView = new("111031", "DCM", "Image View");
    public static readonly Concept PixelRows = new("110910", "DCM", "Pixel Data Rows");
    public static readonly Concept PixelColumns = new("110911", "DCM", "Pixel Data Columns");
    public static readonly Concept Pixels = new("{pixels}", "UCUM", "Pixels");
    public static readonly Concept ImagingMeasurements = new("126010", "DCM", "Imaging Measurements");
    public static readonly Concept MeasurementGroup = new("125007", "DCM", "Measurement Group");
    public static readonly Concept TrackingIdentifier = new("112039", "DCM", "Tracking Identifier");
    public static readonly Concept TrackingUid = new("112040", "DCM", "Tracking Unique Identifier");
    public static readonly Concept FindingSite = new("363698007", "SCT", "Finding Site");
    public static readonly Concept Laterality = new("272741003", "SCT", "Laterality");
    public static readonly Concept Breast = new("76752008", "SCT", "Breast");
    public static readonly Concept AlgorithmName = new("111001", "DCM", "Algorithm Name");
    public static readonly Concept AlgorithmVersion = new("111003", "DCM", "Algorithm Version");
    public static readonly Concept AlgorithmParameters = new("111002", "DCM", "Algorithm Parameters");
    public static readonly Concept ProbabilityOfCancer = new("111047", "DCM", "Probability of cancer");
    public static readonly Concept CertaintyOfFinding = new("111012", "DCM", "Certainty of Finding");
    public static readonly Concept EquivalentMeaning = new("121050", "DCM", "Equivalent Meaning of Concept Name");
    public static readonly Concept Derivation = new("121401", "DCM", "Derivation");
    public static readonly Concept Mean = new("373098007", "SCT", "Mean");
    public static readonly Concept Maximum = new("56851009", "SCT", "Maximum");
    public static readonly Concept ImageRegion = new("111030", "DCM", "Image Region");
    public static readonly Concept SourceOfMeasurement = new("121112", "DCM", "Source of Measurement");
    public static readonly Concept QualitativeEvaluations = new("C0034375", "UMLS", "Qualitative Evaluations");
    public static readonly Concept Comment = new("121106", "DCM", "Comment");
    public static readonly Concept Percent = new("%", "UCUM", "Percent");
    public static readonly Concept NoUnits = new("1", "UCUM", "no units");
    public static readonly Concept SpatialResampling = new("113085", "DCM", "Spatial resampling");
    public static readonly Concept SourceImage = new("121322", "DCM", "Source image for image processing operation");

    private static readonly Concept Left = new("7771000", "SCT", "Left");
    private static readonly Concept Right = new("24028007", "SCT", "Right");
    private static readonly Concept Both = new("51440002", "SCT", "Right and left");

    /// <summary>A side of the body by its letter (CID 244); null for none.</summary>
    public static Concept? Side(string? letter) => letter switch { "L" => Left, "R" => Right, "B" => Both, _ => null };
}
