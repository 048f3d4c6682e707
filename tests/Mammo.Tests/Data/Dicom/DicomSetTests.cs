using Mammo.Data.Dicom;
using Mammo.Data.Files;

namespace Mammo.Tests.Data.Dicom;

public sealed class DicomSetTests
{
    public static TheoryData<string> Images => [.. DicomSet.Names("image")];

    [Theory]
    [MemberData(nameof(Images))]
    public void Grey_values_are_those_of_the_standard(string name)
    {
        var expected = DicomSet.ExpectedOf(name);
        var greys = DicomSet.Frames(DicomSet.PathOf(name));
        if ((int)expected["expectedTolerance"]! > 1)
            Assert.InRange(DicomSet.LargestDifference(greys, DicomSet.Picture(name).Pixels), 0, (int)expected["expectedTolerance"]!);
        else
            Assert.Equal((string)expected["expectedPixelSha256"]!, DicomSet.Hash(greys));
        // A modality lookup table is no straight line, so that stored values do not follow from grey ones.
        if ((int)expected["storedTolerance"]! == 0 && name != "modality-lut.dcm" && name != "pixel-padding.dcm")
            Assert.Equal((string)expected["storedSha256"]!, DicomSet.Hash(DicomSet.Stored(DicomSet.PathOf(name))));
    }

    [Theory]
    [MemberData(nameof(Images))]
    public void Elements_become_properties(string name)
    {
        var expected = DicomSet.ExpectedOf(name);
        var tags = expected["tags"]!;
        var info = DicomReader.ReadInfo(DicomSet.PathOf(name));
        Assert.Equal((string?)tags["PatientID"], info.Patient);
        Assert.Equal((string?)tags["StudyInstanceUID"], info.StudyInstanceUid);
        Assert.Equal((string?)tags["SeriesInstanceUID"], info.SeriesInstanceUid);
        Assert.Equal((string?)tags["SOPInstanceUID"], info.SopInstanceUid);
        Assert.Equal((string?)tags["ImageLaterality"] ?? (string?)tags["Laterality"], info.Laterality);
        Assert.Equal((string?)tags["ViewPosition"] ?? (string?)tags["PatientOrientation"], info.View?.ToString());
        Assert.Equal(((string?)tags["Manufacturer"], (string?)tags["PresentationIntentType"]), (info.Manufacturer, info.PresentationIntent));
        Assert.Equal(tags["ImagerPixelSpacing"] is null ? null : 0.35, info.PixelSpacing);
        Assert.Equal((new DateOnly(2020, 1, 31), 55, "A0001"), (info.Date, info.Age, info.AccessionNumber));
        Assert.Equal(((int)expected["rows"]!, (int)expected["columns"]!, (int)expected["frames"]!), (info.Rows, info.Columns, info.Frames));
        Assert.Equal(((int)expected["bitsAllocated"]!, (int)expected["bitsStored"]!), (info.BitsAllocated, info.BitsStored));
        Assert.Equal((int)expected["pixelRepresentation"]! == 1, info.IsSigned);
        Assert.Equal(((string)expected["photometric"]!, (string)expected["transferSyntax"]!), (info.Photometric, info.TransferSyntaxUid));
    }

    [Fact]
    public void Windows_can_be_chosen()
    {
        var alternatives = DicomSet.ExpectedOf("window-multiple.dcm")["alternatives"]!;
        foreach (var window in (int[])[2, 3])
        {
            var image = DicomReader.Read(DicomSet.PathOf("window-multiple.dcm"), new DicomOptions { Voi = DicomVoi.Parse($"window:{window}") });
            Assert.Equal((string)alternatives[$"window {window}"]!["pixelSha256"]!, DicomSet.Hash(image.Image.Pixels));
            Assert.StartsWith($"Window:{window} ", image.VoiUsed, StringComparison.Ordinal);
        }

        var lut = DicomReader.Read(DicomSet.PathOf("voi-lut-and-window.dcm"), new DicomOptions { Voi = DicomVoi.Parse("Window") });
        var window1 = DicomSet.ExpectedOf("voi-lut-and-window.dcm")["alternatives"]!["window 1 instead of the LUT"]!;
        Assert.Equal((string)window1["pixelSha256"]!, DicomSet.Hash(lut.Image.Pixels));
        Assert.Equal(ErrorIds.DicomVoiMissing, Refusal("window-multiple.dcm", new DicomOptions { Voi = DicomVoi.Parse("Window:4") }));
        Assert.Equal(ErrorIds.DicomVoiMissing, Refusal("window-multiple.dcm", new DicomOptions { Voi = DicomVoi.Parse("Lut") }));
    }

    [Theory]
    [InlineData("truncated.dcm", ErrorIds.ImageUnreadable, "truncated")]
    [InlineData("wrong-pixeldata-length.dcm", ErrorIds.ImageUnreadable, "need")]
    [InlineData("wrong-element-length.dcm", ErrorIds.ImageUnreadable, "claims 60000 bytes")]
    [InlineData("not-dicom.dcm", ErrorIds.ImageUnreadable, "not a DICOM file")]
    [InlineData("truncated-jpeg.dcm", ErrorIds.ImageUnreadable, "truncated")]
    [InlineData("missing-transfer-syntax.dcm", ErrorIds.DicomTransferSyntax, "(0002,0010)")]
    [InlineData("rgb.dcm", ErrorIds.DicomColour, "RGB")]
    public void Bad_files_are_refused_with_a_reason(string name, string id, string reason)
    {
        var error = Assert.Throws<MammoException>(() => DicomReader.Read(DicomSet.PathOf(name), DicomOptions.Anything));
        Assert.Equal(id, error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_bad_file_is_tried() => Assert.Equal(
        ["missing-transfer-syntax", "not-dicom", "rgb", "truncated", "truncated-jpeg", "wrong-element-length", "wrong-pixeldata-length"],
        DicomSet.Names("error").Select(name => Path.GetFileNameWithoutExtension(name)).Order(StringComparer.Ordinal));

    [Fact]
    public void A_dicom_file_is_an_image_like_any_other()
    {
        var image = ImageReader.Read(DicomSet.PathOf("IM000001"));
        Assert.Equal((16, false), (image.BitDepth, image.WasColour));
        Assert.Equal((string)DicomSet.ExpectedOf("IM000001")["expectedPixelSha256"]!, DicomSet.Hash(image.Pixels));
        Assert.Equal(ErrorIds.DicomForProcessing, Assert.Throws<MammoException>(() => ImageReader.Read(DicomSet.PathOf("for-processing.dcm"))).ErrorId);
        Assert.Equal(ErrorIds.DicomMultiFrame, Assert.Throws<MammoException>(() => ImageReader.Read(DicomSet.PathOf("multi-frame.dcm"))).ErrorId);
        // Content decides, never the name: this one is a PNG.
        Assert.Equal(8, ImageReader.Read(DicomSet.PathOf("not-dicom.dcm")).BitDepth);
    }

    [Theory]
    [InlineData("bits-above-high-bit")]
    [InlineData("exact")]
    [InlineData("linear-width-1")]
    [InlineData("rescale-small-slope")]
    [InlineData("voilut-8bit-in-words")]
    [InlineData("voilut-and-window")]
    [InlineData("voilut-negative-first-unsigned-pixels")]
    public void Lookup_tables_and_windows(string name)
    {
        var path = DicomSet.PathOf(Path.Combine("lut", name + ".dcm"));
        Assert.InRange(DicomSet.LargestDifference(DicomReader.Read(path).Image.Pixels, DicomSet.Picture(path).Pixels), 0, 1);
    }

    private static string Refusal(string name, DicomOptions options) =>
        Assert.Throws<MammoException>(() => DicomReader.Read(DicomSet.PathOf(name), options)).ErrorId;
}
