using System.Collections.Immutable;
using System.Globalization;

namespace Mammo.Data.Dicom;

/// <summary>From stored elements to what they say.</summary>
internal static class DicomImageInfos
{
    // Contact mammography has factors up to 1.2; magnification stands begin at 1.5.
    private const double LeastMagnification = 1.4;

    private static readonly string[] DateFormats = ["yyyyMMdd", "yyyy.MM.dd", "yyyy-MM-dd"];

    // How manufacturers call two-dimensional images that are computed from a tomosynthesis scan.
    private static readonly string[] SyntheticNames =
        ["C-VIEW", "CVIEW", "C VIEW", "INTELLIGENT 2D", "INSIGHT 2D", "V-PREVIEW", "S-VIEW", "SYNTHETIC", "SYNTHESIZED"];

    public static DicomImageInfo Of(DicomFile file)
    {
        var image = file.DataSet;
        var text = DicomText.For(image.Codes(DicomTag.SpecificCharacterSet));
        string? Text(uint tag) => image.Value(tag) is { } value && DicomText.Split(text.Decode(value.Bytes)) is [{ Length: > 0 } first, ..] ? first : null;
        var (view, modifiers) = ViewCodes.Read(image);
        var date = FirstDate(image, DicomTag.StudyDate, DicomTag.AcquisitionDate, DicomTag.ContentDate, DicomTag.SeriesDate);
        var (series, protocol) = (Text(DicomTag.SeriesDescription), Text(DicomTag.ProtocolName));
        return new DicomImageInfo
        {
            Patient = Text(DicomTag.PatientId),
            Age = Age(image, date),
            Date = date,
            AccessionNumber = Text(DicomTag.AccessionNumber),
            StudyInstanceUid = image.Code(DicomTag.StudyInstanceUid),
            SeriesInstanceUid = image.Code(DicomTag.SeriesInstanceUid),
            SopInstanceUid = image.Code(DicomTag.SopInstanceUid),
            SopClassUid = image.Code(DicomTag.SopClassUid),
            Modality = image.Code(DicomTag.Modality)?.ToUpperInvariant(),
            ConversionType = image.Code(DicomTag.ConversionType)?.ToUpperInvariant(),
            Laterality = Laterality(image, Text(DicomTag.BodyPartExamined)),
            View = view,
            ViewModifiers = string.Join(' ', modifiers),
            PatientOrientation = Joined(image, DicomTag.PatientOrientation),
            IsMagnification = modifiers.Contains("M") || image.NumberOrNull(DicomTag.MagnificationFactor) >= LeastMagnification,
            IsSpotCompression = modifiers.Contains("S") || Contains(Text(DicomTag.PaddleDescription), "SPOT"),
            IsImplantDisplaced = modifiers.Contains("ID"),
            HasImplant = YesOrNo(image, DicomTag.BreastImplantPresent),
            IsSpecimen = view == MammoView.Specimen || image.Items(DicomTag.SpecimenDescriptionSequence).Count > 0,
            IsSynthetic = image.Codes(DicomTag.ImageType).Contains("GENERATED_2D", StringComparer.OrdinalIgnoreCase)
                || SyntheticNames.Any(name => Contains(series, name) || Contains(protocol, name)),
            HasBurnedInText = YesOrNo(image, DicomTag.BurnedInAnnotation),
            PresentationIntent = image.Code(DicomTag.PresentationIntentType),
            ImageType = Joined(image, DicomTag.ImageType),
            Manufacturer = Text(DicomTag.Manufacturer),
            Model = Text(DicomTag.ModelName),
            StudyDescription = Text(DicomTag.StudyDescription),
            SeriesDescription = series,
            BodyPart = Text(DicomTag.BodyPartExamined),
            PixelSpacing = Spacing(image, DicomTag.PixelSpacing) ?? Spacing(image, DicomTag.ImagerPixelSpacing)
                ?? Spacing(image, DicomTag.NominalScannedPixelSpacing),
            HasPixels = file.Pixels is not null,
            Rows = image.UInt16(DicomTag.Rows),
            Columns = image.UInt16(DicomTag.Columns),
            Frames = image.NumberOrNull(DicomTag.NumberOfFrames) is { } frames and >= 1 and <= int.MaxValue ? (int)frames : 1,
            SamplesPerPixel = image.UInt16(DicomTag.SamplesPerPixel) ?? 1,
            Photometric = image.Code(DicomTag.PhotometricInterpretation)?.ToUpperInvariant(),
            BitsAllocated = image.UInt16(DicomTag.BitsAllocated),
            BitsStored = image.UInt16(DicomTag.BitsStored),
            IsSigned = image.UInt16(DicomTag.PixelRepresentation) == 1,
            IsLossy = image.Code(DicomTag.LossyImageCompression) switch { "01" => true, "00" => false, _ => null },
            HasVoiLut = image.Items(DicomTag.VoiLutSequence).Count > 0,
            Windows = Math.Min(image.Codes(DicomTag.WindowCenter).Length, image.Codes(DicomTag.WindowWidth).Length),
            TransferSyntax = file.Syntax.Name,
            TransferSyntaxUid = file.Syntax.Uid,
        };
    }

    private static bool Contains(string? text, string part) => text?.Contains(part, StringComparison.OrdinalIgnoreCase) == true;

    private static string? Joined(DicomDataSet image, uint tag) => image.Codes(tag) is { Length: > 0 } codes ? string.Join('\\', codes) : null;

    private static bool? YesOrNo(DicomDataSet image, uint tag) => image.Code(tag)?.ToUpperInvariant() switch { "YES" => true, "NO" => false, _ => null };

    private static string? Laterality(DicomDataSet image, string? bodyPart)
    {
        var shared = image.Item(DicomTag.SharedFunctionalGroupsSequence)?.Item(DicomTag.FrameAnatomySequence)?.Code(DicomTag.FrameLaterality);
        return Side(image.Code(DicomTag.ImageLaterality)) ?? Side(shared) ?? Side(image.Code(DicomTag.Laterality))
            ?? (Contains(bodyPart, "LEFT") ? "L" : Contains(bodyPart, "RIGHT") ? "R" : null);
    }

    private static string? Side(string? code) => code?.ToUpperInvariant() switch
    {
        "L" or "LEFT" => "L",
        "R" or "RIGHT" => "R",
        "B" => "B",
        _ => null,
    };

    private static double? Spacing(DicomDataSet image, uint tag) => image.NumberOrNull(tag) is { } spacing and > 0 ? spacing : null;

    private static DateOnly? FirstDate(DicomDataSet image, params ReadOnlySpan<uint> tags)
    {
        foreach (var tag in tags)
        {
            if (Date(image, tag) is { } date)
                return date;
        }

        return null;
    }

    private static DateOnly? Date(DicomDataSet image, uint tag) =>
        DateOnly.TryParseExact(image.Code(tag), DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    // "055Y", or months, weeks and days (PS3.5, AS).
    private static double? Age(DicomDataSet image, DateOnly? date)
    {
        if (image.Code(DicomTag.PatientAge) is { Length: > 1 } age && int.TryParse(age[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return age[^1] switch
            {
                'Y' or 'y' => number,
                'M' or 'm' => number / 12.0,
                'W' or 'w' => number / 52.1775,
                'D' or 'd' => number / 365.2425,
                _ => null,
            };
        }

        return date is { } end && Date(image, DicomTag.PatientBirthDate) is { } birth && birth <= end
            ? Math.Floor((end.DayNumber - birth.DayNumber) / 365.2425)
            : null;
    }
}
