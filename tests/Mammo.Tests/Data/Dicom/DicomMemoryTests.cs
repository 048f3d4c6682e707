using Mammo.Data.Dicom;
using Mammo.Tests.Codecs;
using static Mammo.Tests.Data.Dicom.TestDicom;

namespace Mammo.Tests.Data.Dicom;

/// <summary>
/// What reading a film takes: all managed memory, freed or not, against two bytes a pixel. That is more than is held at any time, and no decoder of these has
/// memory of its own. The side of the breast is left open, since looking for it takes the same for every size.
/// </summary>
public sealed class DicomMemoryTests
{
    private const int Side = 1024;
    private const long Image = 2L * Side * Side;

    private static readonly GreyTestImage Film = new(Side, Side, [.. Enumerable.Range(0, Side * Side).Select(i => (ushort)((i * 37) ^ (i >> 7)))]);

    [Theory]
    [InlineData(DicomWriter.Explicit)]
    [InlineData(DicomWriter.BigEndian)]
    [InlineData(DicomWriter.Deflated)]
    [InlineData("1.2.840.10008.1.2.5")]
    [InlineData("1.2.840.10008.1.2.4.70")]
    [InlineData("1.2.840.10008.1.2.4.80")]
    [InlineData("1.2.840.10008.1.2.4.90")]
    public void A_film_takes_at_most_four_times_itself(string syntax)
    {
        TestElement pixels = syntax switch
        {
            "1.2.840.10008.1.2.5" => DicomWriter.Fragments([], Literals(Film.Samples)),
            "1.2.840.10008.1.2.4.70" => DicomWriter.Fragments([], new JpegLosslessEncoder { Precision = 16, Predictor = 1 }.Encode(Film)),
            "1.2.840.10008.1.2.4.80" => DicomWriter.Fragments([], new JpegLsEncoder { Precision = 16, Preset = [65535, 18, 67, 276, 64] }.Encode(Film)),
            "1.2.840.10008.1.2.4.90" => DicomWriter.Fragments([], Grey()),
            _ => TestElement.Numbers(DicomTag.PixelData, "OW", syntax == DicomWriter.BigEndian, [.. Film.Samples.Select(sample => (int)sample)]),
        };
        TestElement[] film = [TestElement.Text(DicomTag.ImageLaterality, "CS", ""),
            TestElement.Number(DicomTag.Rows, Side), TestElement.Number(DicomTag.Columns, Side), pixels];
        var elements = Elements([0], 16, false, film);
        if (syntax == DicomWriter.BigEndian)
            elements = [.. elements.Select(element => element.Vr == "US" ? element with { Value = [element.Value[1], element.Value[0]] } : element)];
        var path = Write(elements, syntax);
        DicomReader.Read(path);
        DicomImage? read = null;
        var effort = Effort.Of(() => read = DicomReader.Read(path));
        Assert.Equal(syntax.EndsWith(".90", StringComparison.Ordinal) ? [.. Enumerable.Repeat((ushort)0x8000, Side * Side)] : Film.Samples, read!.Image.Pixels);
        Assert.InRange(effort.Allocated, Image, 4 * Image);
    }

    // Run-length coding without a run: the upper bytes, then the lower ones, each in packets of 128 (PS3.5, annex G).
    private static byte[] Literals(ushort[] samples)
    {
        byte[] Segment(int shift) =>
            [.. samples.Chunk(128).SelectMany(chunk => chunk.Select(sample => (byte)(sample >> shift)).Prepend((byte)(chunk.Length - 1)))];
        byte[] upper = Segment(8), lower = Segment(0);
        var header = new byte[64];
        BitConverter.TryWriteBytes(header, 2);
        BitConverter.TryWriteBytes(header.AsSpan(4), 64);
        BitConverter.TryWriteBytes(header.AsSpan(8), 64 + upper.Length);
        return [.. header, .. upper, .. lower];
    }

    // JPEG 2000 without a coefficient: the transform over five levels, six packets, each of them empty. The arrays are those of any film of this size.
    private static byte[] Grey()
    {
        const int High = Side >> 8;
        return [
            0xFF, 0x4F,
            0xFF, 0x51, 0, 41, 0, 0, 0, 0, High, 0, 0, 0, High, 0, .. new byte[8], 0, 0, High, 0, 0, 0, High, 0, .. new byte[8], 0, 1, 15, 1, 1,
            0xFF, 0x52, 0, 12, 0, 0, 0, 1, 0, 5, 4, 4, 0, 1,
            0xFF, 0x5C, 0, 19, 0x40, .. Enumerable.Repeat((byte)0x90, 16),
            0xFF, 0x90, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF, 0x93, .. new byte[6],
            0xFF, 0xD9];
    }
}
