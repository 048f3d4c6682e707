using System.Globalization;
using Mammo.Data.Dicom;
using Mammo.Data.Dicom.Writing;
using Mammo.Scoring.Heatmaps;

namespace Mammo.Scoring.DicomResults;

/// <summary>Suspicious regions as graphics that a viewer draws on the image itself: a Grayscale Softcopy Presentation State.</summary>
internal static class RegionPresentation
{
    private const string SopClass = "1.2.840.10008.5.1.4.1.1.11.1";
    private const string Layer = "MAMMO";

    public static string Uid(MarkedImage marked, MammoHeatmap heatmap, DicomExportOptions options) =>
        DicomUid.Of(["presentation", .. marked.Key, heatmap.VoiUsed ?? "", ResultInstance.Version, FormattableString.Invariant($"{options.Date:O}")]);

    /// <summary>The bytes of the file.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.DicomResultImpossible"/>: the image is in colour.</exception>
    public static byte[] Encode(MarkedImage marked, MammoHeatmap heatmap, DicomExportOptions options)
    {
        var source = marked.Source;
        if (source.Info.SamplesPerPixel != 1)
        {
            throw new MammoException(
                ErrorIds.DicomResultImpossible,
                $"'{source.Path}' is in colour, and a presentation state of grey values cannot show it.",
                "Leave the kind PresentationState out.",
                source.Path);
        }

        var made = ResultInstance.DateOf(options, [source]);
        // The side is one of the series, so each side has its own.
        var side = source.Info.Laterality is "L" or "R" ? source.Info.Laterality : "";
        var state = ResultInstance.New(
                source, SopClass, "PR", Uid(marked, heatmap, options), [marked.Run, side], $"Mammo regions, research use only: {heatmap.Model}", 9103)
            .Text(DicomTag.InstanceNumber, "IS", source.InstanceNumber ?? "1")
            .Text(DicomTag.Laterality, "CS", side)
            .Text(ResultTag.ContentLabel, "CS", Layer)
            .Text(ResultTag.ContentDescription, "LO", $"Suspicious regions, research use only: {heatmap.Model}")
            .Dated(ResultTag.PresentationCreationDate, ResultTag.PresentationCreationTime, made)
            .Text(ResultTag.ContentCreatorName, "PN", "")
            .Items(ResultTag.ReferencedSeriesSequence, new DicomItem()
                .Items(ResultTag.ReferencedImageSequence, ContentItem.Reference(source, marked.Frame))
                .Text(DicomTag.SeriesInstanceUid, "UI", source.SeriesInstanceUid))
            .Items(ResultTag.DisplayedAreaSelectionSequence, new DicomItem()
                .Int32(ResultTag.DisplayedAreaTopLeft, 1, 1)
                .Int32(ResultTag.DisplayedAreaBottomRight, heatmap.StoredSize.Width, heatmap.StoredSize.Height)
                .Text(ResultTag.PresentationSizeMode, "CS", "SCALE TO FIT")
                .Text(ResultTag.PresentationPixelAspectRatio, "IS", source.PixelAspect))
            .Items(ResultTag.GraphicAnnotationSequence, Annotation(marked, heatmap))
            .Items(ResultTag.GraphicLayerSequence, new DicomItem()
                .Text(ResultTag.GraphicLayer, "CS", Layer)
                .Text(ResultTag.GraphicLayerOrder, "IS", "1"));
        GreyPresentation.Set(state, source.Path, marked.Frame ?? 1, heatmap.VoiUsed);
        return DicomFileWriter.Encode(state, source.CharacterSets);
    }

    private static DicomItem Annotation(MarkedImage marked, MammoHeatmap heatmap)
    {
        var annotation = new DicomItem().Text(ResultTag.GraphicLayer, "CS", Layer).Items(
            ResultTag.TextObjectSequence,
            [
                Label(0, 0, $"{heatmap.Model}, {marked.Class}: not calibrated, no threshold.\nResearch use only."),
                .. marked.Regions.Select((region, i) => Label(
                    region.Points[0], region.Points[1], string.Create(CultureInfo.InvariantCulture, $"{i + 1}: {region.Value:0.00}"))),
            ]);
        return marked.Regions.IsEmpty ? annotation : annotation.Items(ResultTag.GraphicObjectSequence, marked.Regions.Select(region => new DicomItem()
            .Text(ResultTag.GraphicAnnotationUnits, "CS", "PIXEL")
            .UInt16(ResultTag.GraphicDimensions, 2)
            .UInt16(ResultTag.NumberOfGraphicPoints, (ushort)(region.Points.Length / 2))
            .Single(ResultTag.GraphicData, region.Points.AsSpan())
            .Text(ResultTag.GraphicType, "CS", "POLYLINE")
            .Text(ResultTag.GraphicFilled, "CS", "N")));
    }

    private static DicomItem Label(float x, float y, string text) => new DicomItem()
        .Text(ResultTag.AnchorPointAnnotationUnits, "CS", "PIXEL")
        .Text(ResultTag.UnformattedTextValue, "ST", text)
        .Single(ResultTag.AnchorPoint, x, y)
        .Text(ResultTag.AnchorPointVisibility, "CS", "N");
}
