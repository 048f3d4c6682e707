namespace Mammo.Scoring.DicomResults;

/// <summary>The data elements that are written into results and read from no image (PS3.6).</summary>
internal static class ResultTag
{
    public const uint MappingResource = 0x00080105;
    public const uint ReferencedSeriesSequence = 0x00081115;
    public const uint ReferencedImageSequence = 0x00081140;
    public const uint ReferencedSopClassUid = 0x00081150;
    public const uint ReferencedSopInstanceUid = 0x00081155;
    public const uint ReferencedFrameNumber = 0x00081160;
    public const uint ReferencedPerformedProcedureStepSequence = 0x00081111;
    public const uint ReferencedSopSequence = 0x00081199;
    public const uint DerivationDescription = 0x00082111;
    public const uint SourceImageSequence = 0x00082112;
    public const uint DerivationCodeSequence = 0x00089215;

    public const uint SoftwareVersions = 0x00181020;
    public const uint SeriesNumber = 0x00200011;
    public const uint PlanarConfiguration = 0x00280006;
    public const uint SoftcopyVoiLutSequence = 0x00283110;

    public const uint PurposeOfReferenceCodeSequence = 0x0040A170;
    public const uint RelationshipType = 0x0040A010;
    public const uint ValueType = 0x0040A040;
    public const uint ConceptNameCodeSequence = 0x0040A043;
    public const uint ContinuityOfContent = 0x0040A050;
    public const uint Uid = 0x0040A124;
    public const uint TextValue = 0x0040A160;
    public const uint FloatingPointValue = 0x0040A161;
    public const uint ConceptCodeSequence = 0x0040A168;
    public const uint MeasuredValueSequence = 0x0040A300;
    public const uint NumericValue = 0x0040A30A;
    public const uint MeasurementUnitsCodeSequence = 0x004008EA;
    public const uint PerformedProcedureCodeSequence = 0x0040A372;
    public const uint CurrentRequestedProcedureEvidenceSequence = 0x0040A375;
    public const uint CompletionFlag = 0x0040A491;
    public const uint VerificationFlag = 0x0040A493;
    public const uint ContentTemplateSequence = 0x0040A504;
    public const uint ContentSequence = 0x0040A730;
    public const uint TemplateIdentifier = 0x0040DB00;

    public const uint GraphicAnnotationSequence = 0x00700001;
    public const uint GraphicLayer = 0x00700002;
    public const uint AnchorPointAnnotationUnits = 0x00700004;
    public const uint GraphicAnnotationUnits = 0x00700005;
    public const uint UnformattedTextValue = 0x00700006;
    public const uint TextObjectSequence = 0x00700008;
    public const uint GraphicObjectSequence = 0x00700009;
    public const uint AnchorPoint = 0x00700014;
    public const uint AnchorPointVisibility = 0x00700015;
    public const uint GraphicDimensions = 0x00700020;
    public const uint NumberOfGraphicPoints = 0x00700021;
    public const uint GraphicData = 0x00700022;
    public const uint GraphicType = 0x00700023;
    public const uint GraphicFilled = 0x00700024;
    public const uint DisplayedAreaTopLeft = 0x00700052;
    public const uint DisplayedAreaBottomRight = 0x00700053;
    public const uint DisplayedAreaSelectionSequence = 0x0070005A;
    public const uint GraphicLayerSequence = 0x00700060;
    public const uint GraphicLayerOrder = 0x00700062;
    public const uint ContentLabel = 0x00700080;
    public const uint ContentDescription = 0x00700081;
    public const uint PresentationCreationDate = 0x00700082;
    public const uint PresentationCreationTime = 0x00700083;
    public const uint ContentCreatorName = 0x00700084;
    public const uint PresentationSizeMode = 0x00700100;
    public const uint PresentationPixelSpacing = 0x00700101;
    public const uint PresentationPixelAspectRatio = 0x00700102;

    public const uint PresentationLutShape = 0x20500020;
}
