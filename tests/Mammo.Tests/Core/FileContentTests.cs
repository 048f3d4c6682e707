using System.IO.Compression;
using System.Text;

namespace Mammo.Tests.Core;

public sealed class FileContentTests
{
    [Theory]
    [InlineData("", "an empty file")]
    [InlineData("%PDF-1.7\n", "a PDF document")]
    [InlineData("\u0089PNG\r\n\u001a\n", "a PNG image")]
    [InlineData("\u00ff\u00d8\u00ff\u00e0", "a JPEG image")]
    [InlineData("II*\0", "a TIFF image")]
    [InlineData("P5\n2 2\n255\n", "a PGM or PPM image")]
    [InlineData("\n<!DOCTYPE html><html>", "a web page (HTML)")]
    [InlineData("<?xml version=\"1.0\"?><list/>", "an XML document")]
    [InlineData("[{\"path\": 1}]", "JSON")]
    [InlineData("path,label\na.png,pos\n", "a table (CSV)")]
    [InlineData("path\tlabel\r\n", "a table (CSV)")]
    [InlineData("P_00001\nP_00002\n", "plain text")]
    [InlineData("P1\nP2\n", "plain text")]
    [InlineData("\u0089HDF\r\n\u001a\n", "an HDF5 file, as Keras's models are")]
    [InlineData("\u0010\0\0\0\0\0\0\0{\"a\":{}}", "a safetensors file")]
    [InlineData("\u0008\u0007\u0012\u0004onnx", "an ONNX model")]
    [InlineData("\u0008\u0008\u0012\u0005Mammo\u001a\u00050.1.0", "an ONNX model")]
    [InlineData("\u0008\u0008\u0012\u0005Mam\0o\u001a\u00050.1.0", null)]
    [InlineData("PK\u0003\u0004....xl/workbook.xml", "an Excel workbook")]
    [InlineData("\u0001\u0002\u0003\u00ff", null)]
    public void Files_are_named_by_their_content(string content, string? name) =>
        Assert.Equal(name, FileContent.Name(Encoding.Latin1.GetBytes(content)));

    [Fact]
    public void A_file_is_named_by_its_beginning()
    {
        var folder = Shared.NewFolder();
        var dicom = Path.Combine(folder, "list.csv");
        File.WriteAllBytes(dicom, [.. new byte[128], .. "DICM"u8, .. new byte[8000]]);
        Assert.Equal("a DICOM file", FileContent.NameOf(dicom));
        var zip = Path.Combine(folder, "model.pt");
        using (var archive = ZipFile.Open(zip, ZipArchiveMode.Create))
            archive.CreateEntry("archive/data.pkl");
        Assert.Equal("a zip archive, as PyTorch's checkpoints are", FileContent.NameOf(zip));
        Assert.Null(FileContent.NameOf(Path.Combine(folder, "missing")));
        Assert.Null(FileContent.NameOf(folder));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("plain text", true)]
    [InlineData("a table (CSV)", true)]
    [InlineData("JSON", false)]
    [InlineData("a PNG image", false)]
    public void Text_that_is_no_other_thing_can_be_a_list(string? name, bool canBe) => Assert.Equal(canBe, FileContent.IsList(name));
}
