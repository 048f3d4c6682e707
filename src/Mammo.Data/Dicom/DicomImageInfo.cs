namespace Mammo.Data.Dicom;

/// <summary>
/// What the elements of a DICOM file say about its image, without its pixels. What a file does not say is null. Patients' names and dates of birth are not
/// kept.
/// </summary>
public sealed record DicomImageInfo
{
    /// <summary>Patient ID (0010,0020).</summary>
    public string? Patient { get; init; }

    /// <summary>Age at the examination in years, from Patient's Age, or from the dates of birth and of the study.</summary>
    public double? Age { get; init; }

    /// <summary>Date of the study, or where that is missing of the acquisition, the image or the series.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Accession number (0008,0050), which hospitals' lists are often kept by.</summary>
    public string? AccessionNumber { get; init; }

    /// <summary>Study Instance UID.</summary>
    public string? StudyInstanceUid { get; init; }

    /// <summary>Series Instance UID.</summary>
    public string? SeriesInstanceUid { get; init; }

    /// <summary>SOP Instance UID: the image's own identifier.</summary>
    public string? SopInstanceUid { get; init; }

    /// <summary>SOP Class UID: what kind of object the file holds.</summary>
    public string? SopClassUid { get; init; }

    /// <summary>Kind of equipment: MG for mammography, RG for digitised film, CR and DX for radiography.</summary>
    public string? Modality { get; init; }

    /// <summary>How a secondary capture was made (0008,0064): DF for digitised film, WSD for a workstation, SI for a scanned picture.</summary>
    public string? ConversionType { get; init; }

    /// <summary>Side of the breast: L, R, or B for both.</summary>
    public string? Laterality { get; init; }

    /// <summary>Projection; null where nothing says it.</summary>
    public MammoView? View { get; init; }

    /// <summary>
    /// Modifiers of the view by the abbreviations of PS3.16 CID 4015, separated by spaces: M magnification, S spot compression, ID implant displaced, RL, RM,
    /// RI and RS rolled, CV cleavage, AT axillary tail, TAN tangential, NP nipple in profile, AC anterior compression, IMF infra-mammary fold, AX axillary
    /// tissue. Empty when there are none.
    /// </summary>
    public string ViewModifiers { get; init; } = "";

    /// <summary>
    /// Directions in the patient in which a row and a column run, separated by a backslash: A anterior, P posterior, L left, R right, H head, F feet.
    /// </summary>
    public string? PatientOrientation { get; init; }

    /// <summary>The image was made with geometric magnification: by a modifier of the view, or by a factor of 1.4 and more.</summary>
    public bool IsMagnification { get; init; }

    /// <summary>Only a part of the breast was compressed, by a modifier of the view or by the paddle's name.</summary>
    public bool IsSpotCompression { get; init; }

    /// <summary>The implant was pushed aside.</summary>
    public bool IsImplantDisplaced { get; init; }

    /// <summary>The breast has an implant (0028,1300).</summary>
    public bool? HasImplant { get; init; }

    /// <summary>The file holds a piece of tissue: by the view or by a description of specimens.</summary>
    public bool IsSpecimen { get; init; }

    /// <summary>The image was computed from a tomosynthesis scan (synthetic 2D).</summary>
    public bool IsSynthetic { get; init; }

    /// <summary>Whether text is burned into the pixels (0028,0301).</summary>
    public bool? HasBurnedInText { get; init; }

    /// <summary>FOR PRESENTATION or FOR PROCESSING (0008,0068).</summary>
    public string? PresentationIntent { get; init; }

    /// <summary>Image Type (0008,0008), its parts separated by backslashes.</summary>
    public string? ImageType { get; init; }

    /// <summary>Manufacturer of the equipment.</summary>
    public string? Manufacturer { get; init; }

    /// <summary>The manufacturer's name of the model.</summary>
    public string? Model { get; init; }

    /// <summary>Description of the study.</summary>
    public string? StudyDescription { get; init; }

    /// <summary>Description of the series.</summary>
    public string? SeriesDescription { get; init; }

    /// <summary>Body Part Examined (0018,0015).</summary>
    public string? BodyPart { get; init; }

    /// <summary>Distance between the centres of two rows in mm: Pixel Spacing, or else at the detector (Imager Pixel Spacing) or of the film scanner.</summary>
    public double? PixelSpacing { get; init; }

    /// <summary>The file has pixels.</summary>
    public bool HasPixels { get; init; }

    /// <summary>Rows; null when the file holds no image.</summary>
    public int? Rows { get; init; }

    /// <summary>Columns; null when the file holds no image.</summary>
    public int? Columns { get; init; }

    /// <summary>Number of frames; 1 where the file does not say it.</summary>
    public int Frames { get; init; } = 1;

    /// <summary>Samples of a pixel: 1 for grey, 3 for colour.</summary>
    public int SamplesPerPixel { get; init; } = 1;

    /// <summary>Photometric Interpretation (0028,0004): MONOCHROME1 has its lowest values white, MONOCHROME2 black.</summary>
    public string? Photometric { get; init; }

    /// <summary>Bits that a stored pixel takes.</summary>
    public int? BitsAllocated { get; init; }

    /// <summary>Bits of them that are used.</summary>
    public int? BitsStored { get; init; }

    /// <summary>Stored pixels have a sign.</summary>
    public bool IsSigned { get; init; }

    /// <summary>The pixels have been compressed with loss at some time (0028,2110).</summary>
    public bool? IsLossy { get; init; }

    /// <summary>The file has a VOI lookup table.</summary>
    public bool HasVoiLut { get; init; }

    /// <summary>Number of windows that the file has.</summary>
    public int Windows { get; init; }

    /// <summary>What the file has to show its values with: "Lut", "Window" (with the number of windows when there are several), both, or "None".</summary>
    public string Voi => string.Join(", ", new[]
    {
        HasVoiLut ? "Lut" : null,
        Windows switch { 0 => HasVoiLut ? null : "None", 1 => "Window", _ => FormattableString.Invariant($"Window {Windows}") },
    }.OfType<string>());

    /// <summary>Name of the transfer syntax: how the file is written and compressed.</summary>
    public string TransferSyntax { get; init; } = "";

    /// <summary>UID of the transfer syntax.</summary>
    public string TransferSyntaxUid { get; init; } = "";
}
