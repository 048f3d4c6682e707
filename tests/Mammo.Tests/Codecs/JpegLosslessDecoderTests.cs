using Mammo.Codecs;
using Mammo.Codecs.Jpeg;
using Mammo.Codecs.JpegLossless;
using Mammo.Scoring.Prediction;

namespace Mammo.Tests.Codecs;

/// <summary>Lossless JPEG against other encoders' streams, and against annex H of T.81 for what those do not write.</summary>
public sealed class JpegLosslessDecoderTests
{
    private const long Limit = 1 << 24;

    [Theory]
    [InlineData("jpeg/dcmtk16-predictor1.jpg", "jpeg/image16.pgm", 16, 0)]
    [InlineData("jpeg/dcmtk16-predictor2.jpg", "jpeg/image16.pgm", 16, 0)]
    [InlineData("jpeg/dcmtk16-predictor3.jpg", "jpeg/image16.pgm", 16, 0)]
    [InlineData("jpeg/dcmtk16-predictor4.jpg", "jpeg/image16.pgm", 16, 0)]
    [InlineData("jpeg/dcmtk16-predictor5.jpg", "jpeg/image16.pgm", 16, 0)]
    [InlineData("jpeg/dcmtk16-predictor6.jpg", "jpeg/image16.pgm", 16, 0)]
    [InlineData("jpeg/dcmtk16-predictor7.jpg", "jpeg/image16.pgm", 16, 0)]
    [InlineData("jpeg/dcmtk8-predictor5-shift3.jpg", "jpeg/image8.pgm", 8, 3)]
    [InlineData("jpeg/dcmtk12-predictor1.jpg", "jpeg/image12.pgm", 12, 0)]
    public void Streams_of_other_encoders_are_exact(string stream, string expected, int precision, int shift)
    {
        var bytes = CodecFile.Read(stream);
        var image = JpegLosslessDecoder.Decode(bytes, Limit);
        var original = GreyTestImage.Read(expected);
        Assert.Equal((original.Width, original.Height, precision, false), (image.Width, image.Height, image.Precision, image.IsSigned));
        Assert.Equal(original.Samples.Select(sample => (ushort)(sample >> shift << shift)), image.Samples);
        Assert.Equal(new JpegInfo(JpegProcess.Lossless, original.Width, original.Height, precision, 1), JpegInfo.Read(bytes));
    }

    /// <summary>All precisions, predictors and point transforms, restart markers, lines behind the scan, several tables, category 16.</summary>
    [Fact]
    public void Whatever_the_standard_allows_is_exact()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var encoder = RandomEncoder(random, out var image);
            var decoded = JpegLosslessDecoder.Decode(encoder.Encode(image), Limit);
            var expected = image.Samples.Select(sample => (ushort)(sample >> encoder.PointTransform << encoder.PointTransform));
            Assert.True(decoded.Samples.SequenceEqual(expected), $"seed {seed}");
        }
    }

    [Fact]
    public void A_cut_within_the_scan_is_an_error_wherever_it_is()
    {
        foreach (var name in (string[])["jpeg/dcmtk12-predictor1.jpg", "jpeg/dcmtk8-predictor5-shift3.jpg"])
        {
            var stream = CodecFile.Read(name);
            var end = CodecFile.DataEnd(stream);
            for (var length = 0; length < end; length++)
                Assert.False(Assert.Throws<CodecException>(() => JpegLosslessDecoder.Decode(stream.AsSpan(0, length), Limit)).IsUnsupported);
            Assert.Equal(JpegLosslessDecoder.Decode(stream, Limit).Samples, JpegLosslessDecoder.Decode(stream.AsSpan(0, end), Limit).Samples);
        }
    }

    [Theory]
    [InlineData("predictor", "no predictor 0")]
    [InlineData("shift", "leaves nothing")]
    [InlineData("table", "Huffman table 3")]
    [InlineData("restart", "whole rows")]
    [InlineData("precision", "17 bits")]
    [InlineData("category", "above 16")]
    [InlineData("range", "more bits than the stream says")]
    public void A_damaged_header_is_an_error(string what, string words)
    {
        var stream = CodecFile.Read("jpeg/dcmtk12-predictor1.jpg");
        var (frame, scan) = (stream.AsSpan().IndexOf([(byte)0xFF, (byte)0xC3]), stream.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]));
        switch (what)
        {
            case "predictor":
                stream[scan + 7] = 0;
                break;
            case "shift":
                stream[scan + 9] = 12;
                break;
            case "table":
                stream[scan + 6] = 0x30;
                break;
            case "restart":
                stream = [.. stream[..scan], 0xFF, 0xDD, 0, 4, 0, 60, .. stream[scan..]];
                break;
            case "precision":
                stream[frame + 4] = 17;
                break;
            case "category":
                stream[stream.AsSpan().IndexOf([(byte)0xFF, (byte)0xC4]) + 21] = 17;
                break;
            default:
                stream[frame + 4] = 11;
                break;
        }

        var error = Assert.Throws<CodecException>(() => JpegLosslessDecoder.Decode(stream, Limit));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Colour_and_other_processes_are_refused_by_name()
    {
        var stream = CodecFile.Read("jpeg/dcmtk12-predictor1.jpg");
        var colour = CodecFile.WithThreeComponents(stream, 0xC3);
        Assert.Equal(3, JpegInfo.Read(colour).Components);
        var error = Assert.Throws<CodecException>(() => JpegLosslessDecoder.Decode(colour, Limit));
        Assert.Contains("3 components", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsUnsupported);
        error = Assert.Throws<CodecException>(() => JpegLosslessDecoder.Decode(CodecFile.Read("jpeg/charls8.jls"), Limit));
        Assert.Contains("is JPEG-LS and not lossless JPEG", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsUnsupported);
    }

    [Fact]
    public void Nothing_is_allocated_for_more_pixels_than_the_limit_or_the_data_allow()
    {
        var stream = CodecFile.Read("jpeg/dcmtk12-predictor1.jpg");
        Assert.Contains("limit of 2866", CodecFile.Message(() => JpegLosslessDecoder.Decode(stream, (61 * 47) - 1)), StringComparison.Ordinal);
        stream.AsSpan(stream.AsSpan().IndexOf([(byte)0xFF, (byte)0xC3]) + 5, 4).Fill(0x7F);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("too few", CodecFile.Message(() => JpegLosslessDecoder.Decode(stream, long.MaxValue)), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 1_000_000);
    }

    internal static JpegLosslessEncoder RandomEncoder(Random random, out GreyTestImage image)
    {
        var precision = random.Next(2, 17);
        image = GreyTestImage.Random(random, 40, precision);
        return new JpegLosslessEncoder
        {
            Precision = precision,
            Predictor = random.Next(1, 8),
            PointTransform = random.Next(2) == 0 ? 0 : random.Next(precision),
            RestartRows = random.Next(3) == 0 ? random.Next(1, image.Height + 1) : 0,
            LinesBehindScan = random.Next(4) == 0,
        };
    }
}
