using System.Globalization;
using Mammo.Data.Dicom;
using Mammo.Data.Dicom.Writing;

namespace Mammo.Scoring.DicomResults;

/// <summary>Content items of structured reports (PS3.3, C.17.3).</summary>
internal static class ContentItem
{
    public const string Contains = "CONTAINS";
    public const string HasConceptMod = "HAS CONCEPT MOD";
    public const string HasObsContext = "HAS OBS CONTEXT";
    public const string HasAcqContext = "HAS ACQ CONTEXT";
    public const string InferredFrom = "INFERRED FROM";
    public const string SelectedFrom = "SELECTED FROM";

    /// <summary>An item of a code sequence.</summary>
    public static DicomItem Code(Concept concept) => new DicomItem()
        .Text(DicomTag.CodeValue, "SH", concept.Value)
        .Text(DicomTag.CodingSchemeDesignator, "SH", concept.Scheme)
        .Text(DicomTag.CodeMeaning, "LO", concept.Meaning);

    /// <summary>A heading with what it contains, by a template of PS3.16 if one is named.</summary>
    public static DicomItem Container(string? relationship, Concept name, string? template, IEnumerable<DicomItem> content) =>
        Container(Item(relationship, "CONTAINER", name), template, content);

    /// <summary>The same for the data set of a whole report.</summary>
    public static DicomItem Container(DicomItem item, string? template, IEnumerable<DicomItem> content)
    {
        item.Text(ResultTag.ContinuityOfContent, "CS", "SEPARATE");
        if (template is not null)
        {
            item.Items(ResultTag.ContentTemplateSequence, new DicomItem()
                .Text(ResultTag.MappingResource, "CS", "DCMR")
                .Text(ResultTag.TemplateIdentifier, "CS", template));
        }

        return With(item, content);
    }

    public static DicomItem Text(string relationship, Concept name, string text) =>
        Item(relationship, "TEXT", name).Text(ResultTag.TextValue, "UT", text);

    public static DicomItem Uid(string relationship, Concept name, string uid) => Item(relationship, "UIDREF", name).Text(ResultTag.Uid, "UI", uid);

    public static DicomItem Coded(string relationship, Concept name, Concept value, params IEnumerable<DicomItem> content) =>
        With(Item(relationship, "CODE", name).Items(ResultTag.ConceptCodeSequence, Code(value)), content);

    /// <summary>A number; where decimal text of 16 characters cannot hold it, as float64 too.</summary>
    public static DicomItem Number(string relationship, Concept name, double value, Concept unit, params IEnumerable<DicomItem> content)
    {
        var measured = new DicomItem().Items(ResultTag.MeasurementUnitsCodeSequence, Code(unit)).Decimal(ResultTag.NumericValue, value);
        if (double.Parse(DicomItem.DecimalText(value), CultureInfo.InvariantCulture) != value)
            measured.Double(ResultTag.FloatingPointValue, value);
        return With(Item(relationship, "NUM", name).Items(ResultTag.MeasuredValueSequence, measured), content);
    }

    /// <summary>An image, or a frame of it.</summary>
    public static DicomItem Image(string relationship, Concept? name, DicomSource image, int? frame, params IEnumerable<DicomItem> content) =>
        With(Item(relationship, "IMAGE", name).Items(ResultTag.ReferencedSopSequence, Reference(image, frame)), content);

    /// <summary>A closed line on an image: columns and rows in pixels, (0, 0) the upper left corner of its first pixel.</summary>
    public static DicomItem Polyline(string relationship, Concept name, float[] points, DicomSource image, int? frame) =>
        With(
            Item(relationship, "SCOORD", name).Single(ResultTag.GraphicData, points).Text(ResultTag.GraphicType, "CS", "POLYLINE"),
            [Image(SelectedFrom, null, image, frame)]);

    /// <summary>What points to an instance, or to a frame of it.</summary>
    public static DicomItem Reference(DicomSource image, int? frame)
    {
        var reference = new DicomItem()
            .Text(ResultTag.ReferencedSopClassUid, "UI", image.SopClassUid)
            .Text(ResultTag.ReferencedSopInstanceUid, "UI", image.SopInstanceUid);
        return frame is { } number
            ? reference.Text(ResultTag.ReferencedFrameNumber, "IS", number.ToString(CultureInfo.InvariantCulture))
            : reference;
    }

    private static DicomItem Item(string? relationship, string valueType, Concept? name)
    {
        var item = new DicomItem().Text(ResultTag.ValueType, "CS", valueType);
        if (relationship is not null)
            item.Text(ResultTag.RelationshipType, "CS", relationship);
        return name is null ? item : item.Items(ResultTag.ConceptNameCodeSequence, Code(name));
    }

    private static DicomItem With(DicomItem item, IEnumerable<DicomItem> content)
    {
        DicomItem[] items = [.. content];
        return items.Length > 0 ? item.Items(ResultTag.ContentSequence, items) : item;
    }
}
