using Mammo.Scoring.Prediction;
using Mammo.Tests.Codecs;

using static Mammo.Tests.Data.Dicom.TestDicom;

namespace Mammo.Tests.Data.Dicom;

/// <summary>Codestreams whose bits are not those that the file's elements name: the codestream decides how many there are, the elements their sign.</summary>
public sealed class DicomPrecisionTests
{
    private const string Lossless = "1.2.840.10008.1.2.4.70";
    private const string Near = "1.2.840.10008.1.2.4.81";

    [Fact]
    public void Equal_bits_are_not_remarked_and_allocated_ones_neither()
    {
        AssertGreys([0, 32759, 65535], null, Lossless, 12, [0, 2047, 4095], 12, false);
        AssertGreys([0, 32759, 65535], null, Lossless, 16, [0, 2047, 4095], 12, false);
        AssertGreys([0, 32759, 32776, 65535], null, Lossless, 16, [0xF800, 0xFFFF, 0, 0x07FF], 12, true);
    }

    [Fact]
    public void Fewer_bits_than_stored_fill_the_scale_with_a_warning() =>
        AssertGreys([0, 32639, 65535], "8 bits, Bits Stored says 12; 8 were used", Lossless, 8, [0, 127, 255], 12, false);

    [Fact]
    public void Streams_without_sign_have_that_of_the_file() =>
        AssertGreys([0, 32763, 32772, 65535], "13 bits, Bits Stored says 16; 13 were used", Lossless, 13, [0x1000, 0x1FFF, 0, 0x0FFF], 16, true);

    [Fact]
    public void Upper_bits_of_lossless_streams_are_masked() =>
        AssertGreys([0, 16, 65535], "2 pixels were outside", Lossless, 16, [0, 0x1001, 0x2FFF], 12, false);

    [Fact]
    public void What_lossy_streams_overshoot_is_held()
    {
        AssertGreys([0, 65535, 65535], "1 pixels were outside", Near, 16, [0, 4095, 4097], 12, false);
        AssertGreys([0, 0, 65535, 65535], "2 pixels were outside", Near, 16, [0xF7FE, 0xF800, 0x07FF, 0x0801], 12, true);
    }

    private static void AssertGreys(int[] expected, string? remark, string syntax, int precision, int[] samples, int bits, bool isSigned)
    {
        var stream = new JpegLosslessEncoder { Precision = precision, Predictor = 1 }.Encode(
            new GreyTestImage(samples.Length, 1, [.. samples.Select(sample => (ushort)sample)]));
        var image = Read(Elements(samples, bits, isSigned, DicomWriter.Fragments([], stream)), syntax);
        Assert.Equal(expected, Array.ConvertAll(image.Image.Pixels, pixel => (int)pixel));
        if (remark is null)
            Assert.Empty(image.Remarks);
        else
        {
            Assert.Equal([ErrorIds.DicomBitDepth], image.Remarks.Select(item => item.Id));
            Assert.Contains(remark, image.Remarks[0].Message, StringComparison.Ordinal);
        }
    }
}
