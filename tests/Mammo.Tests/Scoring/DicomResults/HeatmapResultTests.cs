using System.Collections.Immutable;
using Mammo.Data.Dicom;
using Mammo.Data.Images;
using Mammo.Scoring.DicomResults;
using Mammo.Scoring.Heatmaps;
using Mammo.Tests.Data.Dicom;
using Mammo.Tests.Data.Dicom.Writing;
using static Mammo.Tests.Scoring.DicomResults.StudyFixture;

namespace Mammo.Tests.Scoring.DicomResults;

public sealed class HeatmapResultTests
{
    [Fact]
    public void Regions_are_the_same_in_report_and_presentation_state()
    {
        var path = Image("1.2.3.4", "R");
        var export = Export();
        var state = Written(export, Heatmap(path, default, (2, 1, 0.9f), (4, 3, 0.7f)), "PR");
        var report = Report(export, Score(path, 0.25));
        float[][] drawn = [.. state.One(ResultTag.GraphicAnnotationSequence)
            .All(ResultTag.GraphicObjectSequence).Select(item => item.Singles(ResultTag.GraphicData))];
        WrittenItem[] regions = [.. Content(report).Where(item => Name(item) == "Image Region")];
        Assert.Equal(2, drawn.Length);
        Assert.Equal(drawn, regions.Select(region => region.Singles(ResultTag.GraphicData)));
        Assert.All(regions, region =>
            Assert.Equal("1.2.3.4", region.One(ResultTag.ContentSequence).One(ResultTag.ReferencedSopSequence).Text(ResultTag.ReferencedSopInstanceUid)));
        var groups = Children(Child(report, "Imaging Measurements"), "Measurement Group");
        Assert.Equal(["1410", "1410", "1501"], groups.Select(group => group.One(ResultTag.ContentTemplateSequence).Text(ResultTag.TemplateIdentifier)));
        Assert.Equal(groups.Length, groups.Select(group => Child(group, "Tracking Unique Identifier").Text(ResultTag.Uid)).Distinct().Count());
        Assert.All(groups[..2], group => Assert.Contains(
            "calibration: Not calibrated.", Children(Child(group, "Probability of cancer"), "Algorithm Parameters")
                .Select(item => item.Text(ResultTag.TextValue))));
    }

    [Theory]
    [InlineData("SC")]
    [InlineData("PR")]
    public void The_engine_that_was_faster_makes_no_second_object(string kind)
    {
        var map = Heatmap(Image("1.2.3.4"), default, (2, 1, 0.9f));
        Assert.Equal(Ids("onnx cpu float32"), Ids("mammo cpu float32"));
        Assert.NotEqual(Ids("onnx cpu float32"), Ids("torch cpu float64"));

        (string Instance, string Series) Ids(string engine)
        {
            var written = Written(Export(), map with { Inference = $"{map.Inference};engine={engine}" }, kind);
            return (written.Text(DicomTag.SopInstanceUid), written.Text(DicomTag.SeriesInstanceUid));
        }
    }

    [Fact]
    public void A_presentation_state_shows_the_grey_values_that_the_network_was_given()
    {
        TestElement[] elements = [TestElement.Text(DicomTag.RescaleSlope, "DS", "2"),
            TestElement.Text(DicomTag.RescaleIntercept, "DS", "-5"), .. TestDicom.Window(@"40\900", @"80\500")];
        var path = Image("1.2.3.4", changes: [.. elements, TestElement.Text(DicomTag.PhotometricInterpretation, "CS", "MONOCHROME1")]);
        var state = Written(Export(), Heatmap(path, default) with { VoiUsed = "Window:2 SIGMOID" }, "PR");
        Assert.Equal(("2", "-5", "INVERSE"),
            (state.Text(DicomTag.RescaleSlope), state.Text(DicomTag.RescaleIntercept), state.Text(ResultTag.PresentationLutShape)));
        var voi = state.One(ResultTag.SoftcopyVoiLutSequence);
        Assert.Equal(("900", "500", "SIGMOID"), (voi.Text(DicomTag.WindowCenter), voi.Text(DicomTag.WindowWidth), voi.Text(DicomTag.VoiLutFunction)));
        var plain = Written(Export(), Heatmap(Image("1.2.3.5"), default), "PR");
        Assert.Equal(("IDENTITY", "1", 0),
            (plain.Text(ResultTag.PresentationLutShape), plain.Text(DicomTag.RescaleSlope), plain.All(ResultTag.SoftcopyVoiLutSequence).Count()));
        Assert.Equal([1, 0, 0, 0, 1, 0, 0, 0], plain.One(ResultTag.DisplayedAreaSelectionSequence).Values[ResultTag.DisplayedAreaTopLeft]);
        Assert.Equal([Width, 0, 0, 0, Height, 0, 0, 0], plain.One(ResultTag.DisplayedAreaSelectionSequence).Values[ResultTag.DisplayedAreaBottomRight]);
    }

    [Theory]
    [InlineData(DicomTag.ImagerPixelSpacing, "DS", @"0.1\0.07", @"10\7")]
    [InlineData(DicomTag.ImagerPixelSpacing, "DS", @"0.094\0.094", @"1\1")]
    [InlineData(DicomTag.PixelAspectRatio, "IS", @"2\1", @"2\1")]
    [InlineData(DicomTag.PixelSpacing, "DS", @"0\0.1", @"1\1")]
    [InlineData(DicomTag.PixelSpacing, "DS", "x", @"1\1")]
    public void Pixels_keep_their_shape(uint tag, string vr, string value, string expected)
    {
        var map = Heatmap(Image("1.2.3.4", changes: TestElement.Text(tag, vr, value)), default);
        Assert.Equal(expected, Written(Export(), map, "PR").One(ResultTag.DisplayedAreaSelectionSequence).Text(ResultTag.PresentationPixelAspectRatio));
        var capture = Written(Export(), map, "SC");
        Assert.Equal(expected, capture.Values.ContainsKey(DicomTag.PixelAspectRatio) ? capture.Text(DicomTag.PixelAspectRatio) : @"1\1");
    }

    [Theory]
    [InlineData(DicomWriter.Explicit, 16, 60000, 7, 60000)]
    [InlineData(DicomWriter.BigEndian, 16, 60000, 7, 60000)]
    [InlineData(DicomWriter.Explicit, 12, 4095, 112, 65535)]
    [InlineData(DicomWriter.BigEndian, 12, 2048, 112, 32776)]
    public void Lookup_tables_are_copied_whatever_their_byte_order_as_8_or_16_bits(string syntax, int bits, int last, int first16, int last16)
    {
        var isBig = syntax == DicomWriter.BigEndian;
        TestElement[] table =
        [
            TestElement.Numbers(DicomTag.LutDescriptor, "US", isBig, 2, 100, bits), TestElement.Text(DicomTag.LutExplanation, "LO", "soft"),
            TestElement.Numbers(DicomTag.LutData, "OW", isBig, 7, last),
        ];
        var elements = TestDicom.Elements([1, 2], changes:
        [
            TestElement.Text(DicomTag.StudyInstanceUid, "UI", "1.2.3"),
            TestElement.Text(DicomTag.SeriesInstanceUid, "UI", "1.2.3.5"), TestElement.Sequence(DicomTag.VoiLutSequence, table),
        ]);
        foreach (var tag in new[] { DicomTag.Rows, DicomTag.Columns })
            elements[Array.FindIndex(elements, element => element.Tag == tag)] = TestElement.Numbers(tag, "US", isBig, tag == DicomTag.Rows ? 1 : 2);
        var numbers = new[]
        {
            (DicomTag.SamplesPerPixel, 1), (DicomTag.BitsAllocated, 16), (DicomTag.BitsStored, 12), (DicomTag.HighBit, 11), (DicomTag.PixelRepresentation, 0),
        };
        foreach (var (tag, number) in numbers)
            elements[Array.FindIndex(elements, element => element.Tag == tag)] = TestElement.Number(tag, number, isBig);
        var state = new Mammo.Data.Dicom.Writing.DicomItem().Text(DicomTag.SopClassUid, "UI", "1.2").Text(DicomTag.SopInstanceUid, "UI", "1.3");
        Mammo.Data.Dicom.Writing.GreyPresentation.Set(state, TestDicom.Write(elements, syntax), 1, "Lut");
        var copied = WrittenItem.Read(Mammo.Data.Dicom.Writing.DicomFileWriter.Encode(state, null))
            .One(ResultTag.SoftcopyVoiLutSequence).One(DicomTag.VoiLutSequence);
        Assert.Equal(TestDicom.Words(2, 100, 16), copied.Values[DicomTag.LutDescriptor]);
        Assert.Equal(TestDicom.Words(first16, last16), copied.Values[DicomTag.LutData]);
        Assert.Equal("soft", copied.Text(DicomTag.LutExplanation));
    }

    [Fact]
    public void A_picture_says_what_it_was_made_of()
    {
        var path = Image("1.2.3.4", "R", changes: [
            TestElement.Text(DicomTag.BurnedInAnnotation, "CS", "NO"), TestElement.Text(DicomTag.LossyImageCompression, "CS", "01")]);
        var capture = Written(Export(), Heatmap(path, default, (2, 1, 0.9f)), "SC");
        Assert.Equal(("1.2.840.10008.5.1.4.1.1.7", @"DERIVED\SECONDARY", "RGB", "NO", "01", "R", "WSD"), (
            capture.Text(DicomTag.SopClassUid), capture.Text(DicomTag.ImageType),
            capture.Text(DicomTag.PhotometricInterpretation), capture.Text(DicomTag.BurnedInAnnotation),
            capture.Text(DicomTag.LossyImageCompression), capture.Text(DicomTag.ImageLaterality), capture.Text(DicomTag.ConversionType)));
        Assert.Equal("1.2.3.4", capture.One(ResultTag.SourceImageSequence).Text(ResultTag.ReferencedSopInstanceUid));
        Assert.Contains("research use only", capture.Text(DicomTag.SeriesDescription), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("1.2.3", capture.Text(DicomTag.StudyInstanceUid));
        var pixels = capture.Values[DicomTag.PixelData];
        Assert.Equal(BitConverter.ToUInt16(capture.Values[DicomTag.Rows]) * BitConverter.ToUInt16(capture.Values[DicomTag.Columns]) * 3,
            pixels.Length - (pixels.Length % 2));
        Assert.True(pixels.Chunk(3).Any(colour => colour.Length == 3 && colour[0] != colour[1]), "No colour is in the picture.");
        var silent = Written(Export(), Heatmap(Image("1.2.3.5"), default), "SC");
        Assert.DoesNotContain(DicomTag.BurnedInAnnotation, silent.Values.Keys);
    }

    [Theory]
    [InlineData("L", "L", null)]
    [InlineData("B", "B", null)]
    [InlineData("", null, "")]
    public void A_picture_says_its_side_or_that_there_is_none(string side, string? ofImage, string? ofSeries)
    {
        var values = Written(Export(), Heatmap(Image("1.2.3.4", side), default), "SC");
        Assert.Equal((ofImage, ofSeries), (Said(DicomTag.ImageLaterality), Said(DicomTag.Laterality)));
        // What is said of a series holds for all of it.
        var left = Written(Export(), Heatmap(Image("1.2.3.4"), default), "SC");
        Assert.Equal(ofSeries is null, values.Text(DicomTag.SeriesInstanceUid) == left.Text(DicomTag.SeriesInstanceUid));

        string? Said(uint tag) => values.Values.ContainsKey(tag) ? values.Text(tag) : null;
    }

    [Fact]
    public void Heatmaps_that_do_not_fit_their_image_are_refused()
    {
        var path = Image("1.2.3.4");
        var map = Heatmap(path, default, (2, 1, 0.9f));
        Refused(ErrorIds.DicomResultImpossible, () => Export().Add(map with { StoredSize = new ImageSize(Width, Height) }));
        Refused(ErrorIds.DicomResultImpossible, () => Export().Add(map with { SopInstanceUid = "1.2.3.9" }));
        Refused(ErrorIds.PredictionInvalid, () => Export().Add(map with { Inference = "" }));
        Refused(ErrorIds.ModelClassMismatch, () => Export(new DicomExportOptions { Class = "mass" }).Add(map));
        var twice = Export();
        twice.Add(map);
        Refused(ErrorIds.PredictionsMixed, () => twice.Add(map));
        var colour = Image("1.2.3.6", changes: TestElement.Number(DicomTag.SamplesPerPixel, 3));
        Refused(ErrorIds.DicomResultImpossible, () => Written(Export(), Heatmap(colour, default), "PR"));
    }

    [Fact]
    public void A_map_without_a_bound_is_no_probability()
    {
        var path = Image("1.2.3.4");
        var export = Export();
        Assert.Equal(2, export.Add(Heatmap(path, default, (2, 1, 7f)) with { IsProbability = false }).Count());
        var number = Assert.Single(Content(Report(export, Score(path, 0.25))), item => Name(item) == "Certainty of Finding");
        Assert.Equal(("7", "1"), (
            number.One(ResultTag.MeasuredValueSequence).Text(ResultTag.NumericValue),
            number.One(ResultTag.MeasuredValueSequence).One(ResultTag.MeasurementUnitsCodeSequence).Text(DicomTag.CodeValue)));
    }

    private static WrittenItem Written(DicomExport export, MammoHeatmap heatmap, string kind) =>
        WrittenItem.Read(export.Add(heatmap).Single(result => result.Name.StartsWith($"{kind}.", StringComparison.Ordinal)).Content());

    private static void Refused(string id, Action act) => Assert.Equal(id, Assert.Throws<MammoException>(act).ErrorId);
}
