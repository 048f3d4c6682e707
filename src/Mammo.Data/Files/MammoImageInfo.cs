using Mammo.Data.Dicom;

namespace Mammo.Data.Files;

/// <summary>
/// What a file says of its image, without its pixels, in one flat record that can be grouped, sorted and written to a CSV. What a file does not say is null;
/// only DICOM files say more than format, size and depth. Patients' names and dates of birth are not kept.
/// </summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="Format">PNG, JPEG, TIFF, WebP, BMP, PNM or DICOM, by content.</param>
public sealed record MammoImageInfo(string Path, string Format)
{
    /// <summary>Rows, of one plane; null when a DICOM file holds no image.</summary>
    public int? Rows { get; init; }

    /// <summary>Columns; null when a DICOM file holds no image.</summary>
    public int? Columns { get; init; }

    /// <summary>Number of frames.</summary>
    public int Frames { get; init; } = 1;

    /// <summary>Bits of a sample: those that are used in DICOM files, those that are stored in others.</summary>
    public int? BitDepth { get; init; }

    /// <summary>Samples of a pixel: 1 for grey, 3 for colour, one more with transparency.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>
    /// Planes of the image, one below the other in the file: 2 for patches that hold the z-score in the breast and local contrast (New-MammoPatchSet -ZScore).
    /// </summary>
    public int Planes { get; init; } = 1;

    /// <summary>Patient ID.</summary>
    public string? Patient { get; init; }

    /// <summary>Side of the breast: L, R, or B for both.</summary>
    public string? Laterality { get; init; }

    /// <summary>Projection.</summary>
    public MammoView? View { get; init; }

    /// <summary>Modifiers of the view by their abbreviations, separated by spaces; see <see cref="DicomImageInfo.ViewModifiers"/>.</summary>
    public string? ViewModifiers { get; init; }

    /// <summary>Manufacturer of the equipment.</summary>
    public string? Manufacturer { get; init; }

    /// <summary>The manufacturer's name of the model.</summary>
    public string? Model { get; init; }

    /// <summary>Kind of equipment: MG for mammography, RG for digitised film.</summary>
    public string? Modality { get; init; }

    /// <summary>FOR PRESENTATION or FOR PROCESSING.</summary>
    public string? PresentationIntent { get; init; }

    /// <summary>How the file is written and compressed.</summary>
    public string? TransferSyntax { get; init; }

    /// <summary>MONOCHROME1 has its lowest values white, MONOCHROME2 black.</summary>
    public string? Photometric { get; init; }

    /// <summary>What the file has to show its values with: "Lut", "Window" (with the number of windows when there are several), both, or "None".</summary>
    public string? Voi { get; init; }

    /// <summary>The pixels have been compressed with loss at some time.</summary>
    public bool? IsLossy { get; init; }

    /// <summary>Distance between the centres of two rows in mm.</summary>
    public double? PixelSpacing { get; init; }

    /// <summary>Date of the study.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Age at the examination in years.</summary>
    public double? Age { get; init; }

    /// <summary>The breast has an implant.</summary>
    public bool? HasImplant { get; init; }

    /// <summary>The image was computed from a tomosynthesis scan.</summary>
    public bool? IsSynthetic { get; init; }

    /// <summary>Description of the study.</summary>
    public string? StudyDescription { get; init; }

    /// <summary>Description of the series.</summary>
    public string? SeriesDescription { get; init; }

    /// <summary>Accession number.</summary>
    public string? AccessionNumber { get; init; }

    /// <summary>Study Instance UID.</summary>
    public string? StudyInstanceUid { get; init; }

    /// <summary>Series Instance UID.</summary>
    public string? SeriesInstanceUid { get; init; }

    /// <summary>SOP Instance UID: the image's own identifier.</summary>
    public string? SopInstanceUid { get; init; }

    /// <summary>Ids of why the image is not read unless it is asked for, separated by semicolons; empty when it is read.</summary>
    public string Refusal { get; init; } = "";

    /// <summary>Ids of what else speaks against scoring the image, separated by semicolons.</summary>
    public string Warning { get; init; } = "";

    /// <summary>The same facts, flat.</summary>
    /// <param name="info">What was read.</param>
    public static MammoImageInfo Of(ImageInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        var dicom = info.Dicom;
        return new MammoImageInfo(info.Path, info.Format)
        {
            Rows = info.Height,
            Columns = info.Width,
            Frames = dicom?.Frames ?? 1,
            BitDepth = info.BitDepth,
            Channels = info.Channels,
            Planes = info.Planes,
            Patient = dicom?.Patient,
            Laterality = dicom?.Laterality,
            View = dicom?.View,
            ViewModifiers = dicom?.ViewModifiers is { Length: > 0 } modifiers ? modifiers : null,
            Manufacturer = dicom?.Manufacturer,
            Model = dicom?.Model,
            Modality = dicom?.Modality,
            PresentationIntent = dicom?.PresentationIntent,
            TransferSyntax = dicom?.TransferSyntax,
            Photometric = dicom?.Photometric,
            Voi = dicom?.Voi,
            IsLossy = dicom?.IsLossy,
            PixelSpacing = dicom?.PixelSpacing,
            Date = dicom?.Date,
            Age = dicom?.Age,
            HasImplant = dicom?.HasImplant ?? (dicom?.IsImplantDisplaced == true ? true : null),
            IsSynthetic = dicom?.IsSynthetic,
            StudyDescription = dicom?.StudyDescription,
            SeriesDescription = dicom?.SeriesDescription,
            AccessionNumber = dicom?.AccessionNumber,
            StudyInstanceUid = dicom?.StudyInstanceUid,
            SeriesInstanceUid = dicom?.SeriesInstanceUid,
            SopInstanceUid = dicom?.SopInstanceUid,
            Refusal = Ids(info, isRefusal: true),
            Warning = Ids(info, isRefusal: false),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Path;

    private static string Ids(ImageInfo info, bool isRefusal) =>
        string.Join(';', info.Remarks.Where(remark => remark.IsRefusal == isRefusal).Select(remark => remark.Id).Distinct(StringComparer.Ordinal));
}
