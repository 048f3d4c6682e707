using System.IO.Compression;
using Mammo.Data.Dicom;
using Mammo.Data.Files;
using static Mammo.Tests.Data.Dicom.TestDicom;

namespace Mammo.Tests.Data.Dicom;

public sealed class DicomFileTests
{
    private static readonly int[] Ramp = [0, 1000, 2000, 4095];
    private static readonly ushort[] Greys = [0, 16004, 32007, 65535];

    [Theory]
    [InlineData(DicomWriter.Implicit)]
    [InlineData(DicomWriter.Explicit)]
    [InlineData(DicomWriter.Deflated)]
    public void Little_endian_syntaxes(string syntax) => Assert.Equal(Greys, Read(Elements(Ramp), syntax).Image.Pixels);

    [Fact]
    public void Big_endian_words_and_bytes_in_words()
    {
        TestElement[] words = [.. Elements(Ramp).Select(Swapped)];
        Assert.Equal(Greys, Read(words, DicomWriter.BigEndian).Image.Pixels);
        TestElement[] bytes = [.. Elements([0, 0, 0], 8, false, TestElement.Number(DicomTag.BitsAllocated, 8)).Select(Swapped)];
        foreach (var (vr, data) in ((string, byte[])[])[("OW", [2, 1, 9, 3]), ("OB", [1, 2, 3, 9])])
        {
            var elements = bytes.Where(element => element.Tag != DicomTag.PixelData).Append(new TestElement(DicomTag.PixelData, vr, data));
            Assert.Equal([257, 514, 771], Read(elements, DicomWriter.BigEndian).Image.Pixels);
        }
    }

    [Fact]
    public void Files_without_preamble_or_meta_information()
    {
        var elements = Elements(Ramp);
        Assert.Equal(Greys, ImageReader.Read(Write(DicomWriter.File(DicomWriter.Explicit, elements)[132..])).Pixels);
        foreach (var isExplicit in (bool[])[false, true])
            Assert.Equal(Greys, ImageReader.Read(Write(DicomWriter.DataSet(elements, isExplicit, false), "noextension")).Pixels);
        Assert.Equal(Greys, ImageReader.Read(Write(DicomWriter.DataSet(elements.Select(Swapped), true, true))).Pixels);
        // One stray byte in front, and it is no data set.
        byte[] stray = [0x20, .. DicomWriter.DataSet(elements, true, false)];
        Assert.Equal(ErrorIds.ImageUnreadable, Assert.Throws<MammoException>(() => ImageReader.Read(Write(stray))).ErrorId);
    }

    [Fact]
    public void A_preamble_may_look_like_another_format()
    {
        foreach (var start in (byte[][])[[0x49, 0x49, 42, 0], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "BM"u8.ToArray()])
        {
            var file = DicomWriter.File(DicomWriter.Explicit, Elements(Ramp));
            start.CopyTo(file, 0);
            Assert.Equal(Greys, ImageReader.Read(Write(file, "image.tif")).Pixels);
        }
    }

    [Fact]
    public void Explicit_elements_under_the_implicit_syntax_are_read()
    {
        Assert.Equal(Greys, ImageReader.Read(Write([.. DicomWriter.Start(DicomWriter.Implicit), .. DicomWriter.DataSet(Elements(Ramp), true, false)])).Pixels);
    }

    [Fact]
    public void More_pixels_than_needed_are_left_and_fewer_are_an_error()
    {
        var image = Read(Elements(Ramp, 12, false, TestElement.Number(DicomTag.Columns, 3)));
        Assert.Equal(Greys[..3], image.Image.Pixels);
        Assert.Equal(ErrorIds.DicomPixelDataLong, Assert.Single(image.Remarks).Id);
        Assert.Contains("8 bytes", Refused(Elements(Ramp, 12, false, TestElement.Number(DicomTag.Columns, 5))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_are_read_by_number()
    {
        var elements = Elements([1, 2, 3, 4, 5, 6], 16, false, TestElement.Number(DicomTag.Columns, 2), TestElement.Text(DicomTag.NumberOfFrames, "IS", "3"));
        foreach (var (frame, first) in ((int, ushort)[])[(1, 1), (2, 3), (3, 5)])
            Assert.Equal([first, (ushort)(first + 1)], Read(elements, options: new DicomOptions { Frame = frame }).Image.Pixels);
        Assert.Equal(ErrorIds.DicomMultiFrame, Refused(elements).ErrorId);
        foreach (var missing in (int[])[0, 4])
            Assert.Equal(ErrorIds.DicomMultiFrame, Refused(elements, options: new DicomOptions { Frame = missing }).ErrorId);
    }

    [Fact]
    public void Uncompressed_frames_in_fragments()
    {
        const string Encapsulated = "1.2.840.10008.1.2.1.98";
        byte[] one = Words(1, 2), two = Words(3, 4);
        var second = new DicomOptions { Frame = 2 };
        TestElement[] Image(params TestElement[] pixels) => Elements([0, 0], 16, false, [TestElement.Text(DicomTag.NumberOfFrames, "IS", "2"), .. pixels]);
        Assert.Equal([3, 4], Read(Image(DicomWriter.Fragments([], one, two)), Encapsulated, second).Image.Pixels);
        Assert.Equal([3, 4], Read(Image(DicomWriter.Fragments([0, 12], one, two)), Encapsulated, second).Image.Pixels);
        // A frame in two fragments needs the basic or the extended table.
        Assert.Equal([3, 4], Read(Image(DicomWriter.Fragments([0, 12], one, two[..2], two[2..])), Encapsulated, second).Image.Pixels);
        var table = new TestElement(DicomTag.ExtendedOffsetTable, "OV", [.. new byte[8], 12, .. new byte[7]]);
        Assert.Equal([3, 4], Read(Image(table, DicomWriter.Fragments([], one, two[..2], two[2..])), Encapsulated, second).Image.Pixels);
        var error = Refused(Image(DicomWriter.Fragments([], one, two[..2], two[2..])), Encapsulated, second);
        Assert.Contains("belongs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_thousand_fragments_take_no_time()
    {
        const int Count = 100_000;
        var offsets = Enumerable.Range(0, Count).Select(i => (uint)((Count - 1 - i) * 8)).ToArray();
        var pixels = DicomWriter.Fragments(offsets, [.. Enumerable.Repeat(Array.Empty<byte>(), Count + 1)]);
        var frames = TestElement.Text(DicomTag.NumberOfFrames, "IS", $"{Count}");
        var effort = Effort.Of(() => Assert.Equal(
            ErrorIds.ImageUnreadable, Refused(Elements(Ramp, 12, false, frames, pixels), "1.2.840.10008.1.2.1.98", new DicomOptions { Frame = 2 }).ErrorId));
        Assert.InRange(effort.Processor.TotalSeconds, 0, 10);
    }

    [Fact]
    public void Fragments_longer_than_their_image_are_refused() =>
        Assert.Contains(
            "damaged", Refused(Elements(Ramp, 12, false, DicomWriter.Fragments([], new byte[3_000_000])),
            "1.2.840.10008.1.2.5").Message, StringComparison.Ordinal);

    [Fact]
    public void A_scan_header_of_the_1990s_is_read()
    {
        // The first and last coefficient of a sequential scan, 0 and 63, are left 0 by some encoders.
        var file = File.ReadAllBytes(DicomSet.PathOf("jpeg-extended-12bit.dcm"));
        var expected = ImageReader.Read(DicomSet.PathOf("jpeg-extended-12bit.dcm")).Pixels;
        var scan = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA, 0, 8, 1]);
        Assert.Equal(63, file[scan + 8]);
        file[scan + 8] = 0;
        Assert.Equal(expected, ImageReader.Read(Write(file)).Pixels);
    }

    [Theory]
    [InlineData("1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000")]
    [InlineData("1.2.840.10008.1.2.4.112", "JPEG XL")]
    [InlineData("1.2.840.10008.1.2.4.102", "H.264")]
    [InlineData("1.2.840.10008.1.2.4.55", "Full Progression")]
    [InlineData("1.2.840.113619.5.2", "1.2.840.113619.5.2")]
    public void Syntaxes_that_are_not_read_are_named(string syntax, string name)
    {
        var error = Refused(Elements(Ramp, 12, false, DicomWriter.Fragments([], [1, 2])), syntax);
        Assert.Equal(ErrorIds.DicomTransferSyntax, error.ErrorId);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.SuggestedFix);
    }

    [Theory]
    [InlineData("1.2.840.10008.1.3.10", "DICOMDIR")]
    [InlineData("1.2.840.10008.5.1.4.1.1.88.50", "structured report")]
    [InlineData("1.2.840.10008.5.1.4.1.1.11.1", "presentation state")]
    public void Files_without_an_image_are_described(string sopClass, string what)
    {
        var error = Refused([TestElement.Text(DicomTag.SopClassUid, "UI", sopClass), TestElement.Text(DicomTag.PatientId, "LO", "P1")]);
        Assert.Equal(ErrorIds.DicomNotImage, error.ErrorId);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DicomTag.Rows)]
    [InlineData(DicomTag.PhotometricInterpretation)]
    [InlineData(DicomTag.BitsAllocated)]
    public void What_pixels_need_is_missed(uint tag)
    {
        var error = Refused(Elements(Ramp).Where(element => element.Tag != tag));
        Assert.Equal(ErrorIds.ImageUnreadable, error.ErrorId);
        Assert.Contains(DicomTag.Text(tag), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DicomTag.BitsAllocated, 32, "32 bits")]
    [InlineData(DicomTag.BitsAllocated, 1, "1 bits")]
    [InlineData(DicomTag.BitsStored, 17, "17 stored")]
    [InlineData(DicomTag.HighBit, 16, "highest at 16")]
    [InlineData(DicomTag.HighBit, 3, "highest at 3")]
    [InlineData(DicomTag.Rows, 0, "0x4")]
    public void Contradictions_are_errors(uint tag, int value, string reason) =>
        Assert.Contains(reason, Refused(Elements(Ramp, 12, false, TestElement.Number(tag, value))).Message, StringComparison.Ordinal);

    [Fact]
    public void Limits_hold_before_memory_is_taken()
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        TestElement[] large = Elements(Ramp, 12, false, TestElement.Number(DicomTag.Rows, 60000), TestElement.Number(DicomTag.Columns, 60000));
        Assert.Equal(ErrorIds.ImageTooLarge, Refused(large).ErrorId);
        TestElement[] claim = Elements(Ramp, 12, false, TestElement.Number(DicomTag.Rows, 19000), TestElement.Number(DicomTag.Columns, 20000));
        Assert.Equal(ErrorIds.ImageUnreadable, Refused(claim).ErrorId);
        Assert.Equal(ErrorIds.ImageUnreadable, Refused(Elements(Ramp, 12, false, new TestElement(DicomTag.PatientId, "UT", new byte[2 << 20]))).ErrorId);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 20_000_000);
    }

    [Fact]
    public void A_data_set_that_unpacks_without_end_is_refused()
    {
        using var stream = new MemoryStream();
        stream.Write(DicomWriter.Start(DicomWriter.Deflated));
        using (var deflate = new DeflateStream(stream, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(DicomWriter.DataSet([new TestElement(0x00091010, "OB", [])], true, false).AsSpan(0, 8));
            deflate.Write([0, 0, 0, 0x0C]);
            for (var i = 0; i < 200; i++)
                deflate.Write(new byte[1 << 20]);
        }

        var path = Write(stream.ToArray());
        var effort = Effort.Of(() => Assert.Equal(ErrorIds.ImageUnreadable, Assert.Throws<MammoException>(() => ImageReader.Read(path)).ErrorId));
        Assert.InRange(effort.Processor.TotalSeconds, 0, 20);
    }

    [Fact]
    public void Files_without_meta_information_behind_the_preamble_are_refused()
    {
        byte[] file = [.. new byte[128], .. "DICM"u8, .. DicomWriter.DataSet(Elements(Ramp), true, false)];
        Assert.Equal(ErrorIds.DicomTransferSyntax, Assert.Throws<MammoException>(() => ImageReader.Read(Write(file))).ErrorId);
    }

    private static TestElement Swapped(TestElement element)
    {
        if (element.Vr is not ("US" or "OW"))
            return element;
        var bytes = (byte[])element.Value.Clone();
        for (var i = 0; i + 1 < bytes.Length; i += 2)
            (bytes[i], bytes[i + 1]) = (bytes[i + 1], bytes[i]);
        return element with { Value = bytes };
    }
}
