using Mammo.Codecs;
using Mammo.Codecs.Jpeg;
using Mammo.Codecs.JpegLs;

namespace Mammo.Tests.Codecs;

/// <summary>JPEG-LS against other encoders' streams, and against annex A of T.87 for what those do not write.</summary>
public sealed class JpegLsDecoderTests
{
    private const long Limit = 1 << 24;

    [Theory]
    [InlineData("jpeg/charls8.jls", "jpeg/image8.pgm", 8)]
    [InlineData("jpeg/charls12.jls", "jpeg/image12.pgm", 12)]
    [InlineData("jpeg/charls16.jls", "jpeg/image16.pgm", 16)]
    [InlineData("jpeg/dcmtk16.jls", "jpeg/image16.pgm", 16)]
    [InlineData("jpeg/charls12-near3.jls", "jpeg/charls12-near3.pgm", 12)]
    public void Streams_of_other_encoders_are_exact(string stream, string expected, int precision)
    {
        var bytes = CodecFile.Read(stream);
        var image = JpegLsDecoder.Decode(bytes, Limit);
        var original = GreyTestImage.Read(expected);
        Assert.Equal((original.Width, original.Height, precision, false), (image.Width, image.Height, image.Precision, image.IsSigned));
        Assert.Equal(original.Samples, image.Samples);
        Assert.Equal(new JpegInfo(JpegProcess.JpegLs, original.Width, original.Height, precision, 1), JpegInfo.Read(bytes));
    }

    /// <summary>All precisions, NEAR, thresholds, largest values between powers of two, RESET, restart markers and lines behind the scan.</summary>
    [Fact]
    public void Whatever_the_standard_allows_is_exact()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var encoder = RandomEncoder(random, out var image);
            var stream = encoder.Encode(image);
            Assert.True(JpegLsDecoder.Decode(stream, Limit).Samples.AsSpan().SequenceEqual(image.Samples), $"seed {seed}");
        }
    }

    // Runs of 32768 samples in one bit.
    [Fact]
    public void The_longest_runs_are_exact()
    {
        var image = new GreyTestImage(65535, 3, new ushort[65535 * 3]);
        (image.Samples[65534], image.Samples[^2]) = (200, 3);
        var stream = new JpegLsEncoder { Precision = 8, Preset = [255, 3, 7, 21, 64] }.Encode(image);
        Assert.InRange(stream.Length, 0, 200);
        Assert.Equal(image.Samples, JpegLsDecoder.Decode(stream, Limit).Samples);
    }

    // 56 zeros before the 1: few different errors, and many bits a sample.
    [Fact]
    public void The_longest_codes_are_exact()
    {
        var random = new Random(8);
        ushort[] samples = [.. Enumerable.Range(0, 64 * 64).Select(_ => (ushort)(random.Next(30) == 0 ? random.Next(32769) : random.Next(1300)))];
        var image = new GreyTestImage(64, 64, samples);
        var stream = new JpegLsEncoder { Precision = 16, Near = 255, Preset = [32768, 400, 600, 900, 64] }.Encode(image);
        Assert.Equal(image.Samples, JpegLsDecoder.Decode(stream, Limit).Samples);
    }

    [Fact]
    public void A_byte_of_padding_before_the_end_marker_is_passed_over()
    {
        var stream = CodecFile.Read("jpeg/charls12.jls");
        byte[] padded = [.. stream[..^2], 0x00, 0xFF, 0xD9, 0x00];
        Assert.Equal(JpegLsDecoder.Decode(stream, Limit).Samples, JpegLsDecoder.Decode(padded, Limit).Samples);
    }

    [Fact]
    public void Data_behind_the_last_row_is_an_error()
    {
        var stream = CodecFile.Read("jpeg/charls12.jls");
        var error = Assert.Throws<CodecException>(() => JpegLsDecoder.Decode([.. stream[..^2], .. new byte[40], 0xFF, 0xD9], Limit));
        Assert.Contains("40 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_within_the_scan_is_an_error_wherever_it_is()
    {
        foreach (var name in (string[])["jpeg/charls8.jls", "jpeg/charls12-near3.jls"])
        {
            var stream = CodecFile.Read(name);
            for (var length = 0; length < stream.Length - 2; length++)
                Assert.False(Assert.Throws<CodecException>(() => JpegLsDecoder.Decode(stream.AsSpan(0, length), Limit)).IsUnsupported);
            Assert.Equal(JpegLsDecoder.Decode(stream, Limit).Samples, JpegLsDecoder.Decode(stream.AsSpan(0, stream.Length - 2), Limit).Samples);
        }
    }

    [Theory]
    [InlineData("components", "3 components")]
    [InlineData("mapping", "mapping table")]
    [InlineData("shift", "point transform")]
    [InlineData("lossless JPEG", "is lossless JPEG and not JPEG-LS")]
    [InlineData("part 2", "part 2")]
    [InlineData("large", "parameters of kind 4")]
    public void What_is_not_read_is_refused_by_name(string what, string words)
    {
        var stream = CodecFile.Read("jpeg/charls8.jls");
        var (frame, scan) = (stream.AsSpan().IndexOf([(byte)0xFF, (byte)0xF7]), stream.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]));
        switch (what)
        {
            case "components":
                stream = CodecFile.WithThreeComponents(stream, 0xF7);
                break;
            case "mapping":
                stream[scan + 6] = 1;
                break;
            case "shift":
                stream[scan + 9] = 2;
                break;
            case "lossless JPEG":
                stream[frame + 1] = 0xC3;
                break;
            case "part 2":
                stream[frame + 1] = 0xF9;
                break;
            default:
                stream = [.. stream[..scan], 0xFF, 0xF8, 0, 8, 4, 2, 0, 1, 0, 1, .. stream[scan..]];
                break;
        }

        var error = Assert.Throws<CodecException>(() => JpegLsDecoder.Decode(stream, Limit));
        Assert.True(error.IsUnsupported);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 256, 0, 0, 0, 0)]
    [InlineData(0, 0, 9, 8, 0, 0)]
    [InlineData(0, 0, 0, 0, 256, 0)]
    [InlineData(0, 0, 0, 0, 0, 2)]
    [InlineData(0, 0, 0, 0, 0, 256)]
    [InlineData(128, 0, 0, 0, 0, 0)]
    [InlineData(3, 0, 3, 5, 7, 0)]
    public void Parameters_that_contradict_each_other_are_an_error(int near, params int[] preset)
    {
        var stream = CodecFile.Read("jpeg/charls8.jls");
        var scan = stream.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]);
        stream[scan + 7] = (byte)near;
        stream = [.. stream[..scan], 0xFF, 0xF8, 0, 13, 1, .. preset.SelectMany(value => new[] { (byte)(value >> 8), (byte)value }), .. stream[scan..]];
        Assert.False(Assert.Throws<CodecException>(() => JpegLsDecoder.Decode(stream, Limit)).IsUnsupported);
    }

    [Fact]
    public void Nothing_is_allocated_for_more_pixels_than_the_limit_or_the_data_allow()
    {
        var stream = CodecFile.Read("jpeg/charls8.jls");
        Assert.Contains("limit of 2866", CodecFile.Message(() => JpegLsDecoder.Decode(stream, (61 * 47) - 1)), StringComparison.Ordinal);
        var frame = stream.AsSpan().IndexOf([(byte)0xFF, (byte)0xF7]);
        stream.AsSpan(frame + 5, 4).Fill(0x7F);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("too few", CodecFile.Message(() => JpegLsDecoder.Decode(stream, long.MaxValue)), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 1_000_000);
    }

    internal static JpegLsEncoder RandomEncoder(Random random, out GreyTestImage image)
    {
        var precision = random.Next(2, 17);
        image = GreyTestImage.Random(random, 40, precision);
        var largest = (1 << precision) - 1;
        var maximum = random.Next(3) == 0 ? Math.Max(image.Samples.Max(), 1 + random.Next(largest)) : largest;
        var near = random.Next(2) == 0 ? 0 : random.Next(Math.Min(random.Next(4) == 0 ? 255 : 10, maximum / 2) + 1);
        int[] thresholds = [.. Enumerable.Range(0, 3).Select(_ => random.Next(near + 1, maximum + 1)).Order()];
        var restart = random.Next(3) == 0 ? random.Next(1, image.Height + 1) : 0;
        return new JpegLsEncoder
        {
            Precision = precision,
            Near = near,
            Preset = [maximum, .. thresholds, random.Next(3, 256)],
            RestartLines = restart,
            LinesBehindScan = random.Next(4) == 0,
        };
    }
}
