using Mammo.Data.Dicom;
using Mammo.Data.Dicom.Writing;
using Mammo.Scoring.Heatmaps;
using Mammo.Scoring.Overlays;

namespace Mammo.Scoring.DicomResults;

/// <summary>A heatmap over its image as Secondary Capture: pixels that any viewer shows.</summary>
internal static class OverlayCapture
{
    private const string SopClass = "1.2.840.10008.5.1.4.1.1.7";

    public static string Uid(MarkedImage marked, DicomExportOptions options) =>
        DicomUid.Of(["overlay", .. marked.Key, ResultInstance.Version, FormattableString.Invariant($"{options.Height} {options.Date:O}")]);

    /// <summary>The bytes of the file.</summary>
    public static byte[] Encode(MarkedImage marked, MammoHeatmap heatmap, DicomExportOptions options)
    {
        var source = marked.Source;
        // The file's name may tell who the patient is, and stays out of the picture.
        var picture = HeatmapFiles.Picture(
            heatmap, new OverlayOptions(marked.Class, options.Height), $"Research use only, not calibrated. Class {marked.Class}, {heatmap.Model}.");
        var pixels = picture.Pixels.Length % 2 == 0 ? picture.Pixels : [.. picture.Pixels, 0];
        var derivation = $"Heatmap of {heatmap.Model} over the image, resampled. Class '{marked.Class}', not calibrated; no threshold: nothing is decided. "
            + ResultInstance.ResearchOnly;
        var made = ResultInstance.DateOf(options, [source]);
        var side = source.Info.Laterality;
        // The side is one of each picture; where there is none, the series says so (PS3.3, C.7.3.1), and is one of its own.
        string[] series = side is null ? [marked.Run, "no side"] : [marked.Run];
        var capture = ResultInstance.New(
                source, SopClass, "OT", Uid(marked, options), series, $"Mammo heatmap, research use only: {heatmap.Model}", 9102)
            .Text(DicomTag.ConversionType, "CS", "WSD")
            .Text(DicomTag.ImageType, "CS", @"DERIVED\SECONDARY")
            .Dated(DicomTag.ContentDate, DicomTag.ContentTime, made)
            .Text(DicomTag.InstanceNumber, "IS", source.InstanceNumber ?? "1")
            .Text(DicomTag.PatientOrientation, "CS", source.Info.PatientOrientation ?? "")
            .Text(ResultTag.DerivationDescription, "ST", derivation)
            .Items(ResultTag.DerivationCodeSequence, ContentItem.Code(Concept.SpatialResampling))
            .Items(ResultTag.SourceImageSequence, ContentItem.Reference(source, marked.Frame)
                .Items(ResultTag.PurposeOfReferenceCodeSequence, ContentItem.Code(Concept.SourceImage)))
            .UInt16(DicomTag.SamplesPerPixel, 3)
            .Text(DicomTag.PhotometricInterpretation, "CS", "RGB")
            .UInt16(ResultTag.PlanarConfiguration, 0)
            .UInt16(DicomTag.Rows, (ushort)picture.Rows)
            .UInt16(DicomTag.Columns, (ushort)picture.Columns)
            .UInt16(DicomTag.BitsAllocated, 8)
            .UInt16(DicomTag.BitsStored, 8)
            .UInt16(DicomTag.HighBit, 7)
            .UInt16(DicomTag.PixelRepresentation, 0)
            .Bytes(DicomTag.PixelData, "OB", pixels);
        if (source.PixelAspect != PixelShape.Square)
            capture.Text(DicomTag.PixelAspectRatio, "IS", source.PixelAspect);
        // What is drawn tells nothing of the patient; whether the image below does, only its file can say.
        if (source.Info.HasBurnedInText is { } isBurnedIn)
            capture.Text(DicomTag.BurnedInAnnotation, "CS", isBurnedIn ? "YES" : "NO");
        if (source.Info.IsLossy is { } isLossy)
            capture.Text(DicomTag.LossyImageCompression, "CS", isLossy ? "01" : "00");
        if (side is null)
            capture.Text(DicomTag.Laterality, "CS", "");
        else
            capture.Text(DicomTag.ImageLaterality, "CS", side).Text(DicomTag.BodyPartExamined, "CS", "BREAST");
        return DicomFileWriter.Encode(capture, source.CharacterSets);
    }
}
