using Mammo.Data.Dicom;
using Mammo.Data.Files;
using Mammo.Tests.Data.Dicom;
using Mammo.Tests.Support;

using static Mammo.Tests.Support.TestImages;

namespace Mammo.Tests.Data.Files;

public sealed class ImageInfoTests
{
    [Fact]
    public void Size_and_depth_of_every_format()
    {
        using var grey = Grey(8);
        using var deep = Grey(16);
        using var colour = Colour(8);
        AssertInfo("PNG", 8, 1, grey.PngsaveBuffer());
        AssertInfo("PNG", 16, 1, deep.PngsaveBuffer(interlace: true));
        AssertInfo("PNG", 8, 3, colour.PngsaveBuffer());
        AssertInfo("JPEG", 8, 1, grey.JpegsaveBuffer());
        AssertInfo("JPEG", 8, 3, colour.JpegsaveBuffer(interlace: true));
        AssertInfo("TIFF", 16, 1, deep.TiffsaveBuffer());
        AssertInfo("WebP", 8, 3, colour.WebpsaveBuffer());
        AssertInfo("PNM", 16, 1, Pnm($"P5\n# {new string('a', 500)}\n{Width} {Height} 4095\n", false, 4095, new ushort[Width * Height]));
        AssertInfo("PNM", 8, 3, Pnm($"P6 {Width} {Height} 255\n", false, 255, Colours(8)));
        AssertInfo("BMP", 8, 1, Bmp(8, new byte[Width * Height], new uint[256]));
        AssertInfo("BMP", 8, 3, Bmp(24, new byte[Width * Height * 3], [], isTopDown: true));
    }

    [Fact]
    public void Dicom_files_say_more()
    {
        var info = ImageReader.ReadInfo(DicomSet.PathOf("for-processing.dcm"));
        Assert.Equal(("DICOM", 14, MammoView.MLO, "CBIS-00127"), (info.Format, info.BitDepth, info.Dicom?.View, info.Dicom?.Patient));
        Assert.Equal([ErrorIds.DicomForProcessing], info.Remarks.Select(remark => remark.Id));
        // Compressed, cut short or in colour: the elements are read all the same.
        Assert.Equal("JPEG 2000 (Lossless Only)", ImageReader.ReadInfo(DicomSet.PathOf("jpeg2000-lossless.dcm")).Dicom?.TransferSyntax);
        Assert.Equal("CBIS-00041", ImageReader.ReadInfo(DicomSet.PathOf("truncated-jpeg.dcm")).Dicom?.Patient);
        var colour = ImageReader.ReadInfo(DicomSet.PathOf("rgb.dcm")).Remarks;
        Assert.Equal([ErrorIds.DicomColour], colour.Where(remark => remark.IsRefusal).Select(remark => remark.Id));
    }

    [Fact]
    public void A_file_without_an_image_is_described()
    {
        var info = ImageReader.ReadInfo(TestDicom.Write([TestElement.Text(DicomTag.SopClassUid, "UI", "1.2.840.10008.1.3.10")]));
        Assert.Null(info.Height);
        Assert.Equal([ErrorIds.DicomNotImage], info.Remarks.Select(remark => remark.Id));
    }

    [Theory]
    [InlineData("Dear colleague, the image is attached.")]
    [InlineData("P5 2 x")]
    [InlineData("BM")]
    public void Other_files_are_refused(string content)
    {
        var path = TestDicom.Write(System.Text.Encoding.ASCII.GetBytes(content));
        Assert.Equal(ErrorIds.ImageUnreadable, Assert.Throws<MammoException>(() => ImageReader.ReadInfo(path)).ErrorId);
    }

    private static void AssertInfo(string format, int bitDepth, int channels, byte[] content)
    {
        var info = ImageReader.ReadInfo(TestDicom.Write(content, "image"));
        Assert.Equal((format, Height, Width, bitDepth, channels), (info.Format, info.Height, info.Width, info.BitDepth, info.Channels));
    }
}
