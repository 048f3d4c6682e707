namespace Mammo.Data.Dicom;

/// <summary>The data elements that are read (PS3.6), as group and element in one number.</summary>
internal static class DicomTag
{
    public const uint TransferSyntaxUid = 0x00020010;

    public const uint SpecificCharacterSet = 0x00080005;
    public const uint ImageType = 0x00080008;
    public const uint SopClassUid = 0x00080016;
    public const uint SopInstanceUid = 0x00080018;
    public const uint StudyDate = 0x00080020;
    public const uint SeriesDate = 0x00080021;
    public const uint AcquisitionDate = 0x00080022;
    public const uint ContentDate = 0x00080023;
    public const uint AcquisitionDateTime = 0x0008002A;
    public const uint StudyTime = 0x00080030;
    public const uint SeriesTime = 0x00080031;
    public const uint AcquisitionTime = 0x00080032;
    public const uint ContentTime = 0x00080033;
    public const uint AccessionNumber = 0x00080050;
    public const uint Modality = 0x00080060;
    public const uint ConversionType = 0x00080064;
    public const uint PresentationIntentType = 0x00080068;
    public const uint Manufacturer = 0x00080070;
    public const uint ReferringPhysicianName = 0x00080090;
    public const uint CodeValue = 0x00080100;
    public const uint CodingSchemeDesignator = 0x00080102;
    public const uint CodingSchemeVersion = 0x00080103;
    public const uint CodeMeaning = 0x00080104;
    public const uint TimezoneOffset = 0x00080201;
    public const uint StudyDescription = 0x00081030;
    public const uint SeriesDescription = 0x0008103E;
    public const uint ModelName = 0x00081090;

    public const uint PatientName = 0x00100010;
    public const uint PatientId = 0x00100020;
    public const uint IssuerOfPatientId = 0x00100021;
    public const uint PatientBirthDate = 0x00100030;
    public const uint PatientSex = 0x00100040;
    public const uint PatientAge = 0x00101010;
    public const uint PatientIdentityRemoved = 0x00120062;
    public const uint DeidentificationMethod = 0x00120063;
    public const uint DeidentificationMethodCodeSequence = 0x00120064;

    public const uint BodyPartExamined = 0x00180015;
    public const uint ProtocolName = 0x00181030;
    public const uint MagnificationFactor = 0x00181114;
    public const uint ImagerPixelSpacing = 0x00181164;
    public const uint PaddleDescription = 0x001811A4;
    public const uint NominalScannedPixelSpacing = 0x00182010;
    public const uint ViewPosition = 0x00185101;

    public const uint StudyInstanceUid = 0x0020000D;
    public const uint SeriesInstanceUid = 0x0020000E;
    public const uint StudyId = 0x00200010;
    public const uint InstanceNumber = 0x00200013;
    public const uint PatientOrientation = 0x00200020;
    public const uint Laterality = 0x00200060;
    public const uint ImageLaterality = 0x00200062;
    public const uint FrameAnatomySequence = 0x00209071;
    public const uint FrameLaterality = 0x00209072;

    public const uint SamplesPerPixel = 0x00280002;
    public const uint PhotometricInterpretation = 0x00280004;
    public const uint NumberOfFrames = 0x00280008;
    public const uint Rows = 0x00280010;
    public const uint Columns = 0x00280011;
    public const uint PixelSpacing = 0x00280030;
    public const uint PixelAspectRatio = 0x00280034;
    public const uint BitsAllocated = 0x00280100;
    public const uint BitsStored = 0x00280101;
    public const uint HighBit = 0x00280102;
    public const uint PixelRepresentation = 0x00280103;
    public const uint PixelPaddingValue = 0x00280120;
    public const uint PixelPaddingRangeLimit = 0x00280121;
    public const uint BurnedInAnnotation = 0x00280301;
    public const uint WindowCenter = 0x00281050;
    public const uint WindowWidth = 0x00281051;
    public const uint RescaleIntercept = 0x00281052;
    public const uint RescaleSlope = 0x00281053;
    public const uint RescaleType = 0x00281054;
    public const uint WindowExplanation = 0x00281055;
    public const uint VoiLutFunction = 0x00281056;
    public const uint BreastImplantPresent = 0x00281300;
    public const uint LossyImageCompression = 0x00282110;
    public const uint ModalityLutSequence = 0x00283000;
    public const uint LutDescriptor = 0x00283002;
    public const uint LutExplanation = 0x00283003;
    public const uint ModalityLutType = 0x00283004;
    public const uint LutData = 0x00283006;
    public const uint VoiLutSequence = 0x00283010;
    public const uint FrameVoiLutSequence = 0x00289132;
    public const uint PixelValueTransformationSequence = 0x00289145;

    public const uint SpecimenDescriptionSequence = 0x00400560;

    public const uint ViewCodeSequence = 0x00540220;
    public const uint ViewModifierCodeSequence = 0x00540222;

    public const uint SharedFunctionalGroupsSequence = 0x52009229;
    public const uint PerFrameFunctionalGroupsSequence = 0x52009230;

    public const uint ExtendedOffsetTable = 0x7FE00001;
    public const uint FloatPixelData = 0x7FE00008;
    public const uint DoubleFloatPixelData = 0x7FE00009;
    public const uint PixelData = 0x7FE00010;

    public const uint Item = 0xFFFEE000;
    public const uint ItemDelimitation = 0xFFFEE00D;
    public const uint SequenceDelimitation = 0xFFFEE0DD;

    /// <summary>The tag as the standard writes it: (gggg,eeee) in hexadecimal digits.</summary>
    public static string Text(uint tag) => FormattableString.Invariant($"({tag >> 16:X4},{tag & 0xFFFF:X4})");

    /// <summary>Pixels of the image itself, in any of the three forms that the standard has.</summary>
    public static bool IsPixels(uint tag) => tag is PixelData or FloatPixelData or DoubleFloatPixelData;
}
