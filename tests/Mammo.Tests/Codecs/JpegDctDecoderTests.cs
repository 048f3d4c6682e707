using Mammo.Codecs;
using Mammo.Codecs.Jpeg;
using Mammo.Codecs.JpegDct;

namespace Mammo.Tests.Codecs;

/// <summary>Baseline and extended JPEG against libjpeg's and DCMTK's decode.</summary>
public sealed class JpegDctDecoderTests
{
    private const long Limit = 1 << 24;

    // Restart markers after each row of blocks, and sampling factors of 2, which mean nothing for one component.
    [Theory]
    [InlineData("jpeg/libjpeg8", JpegProcess.Baseline, 8, 1)]
    [InlineData("jpeg/libjpeg8-restart", JpegProcess.Baseline, 8, 1)]
    [InlineData("jpeg/dcmtk12-extended", JpegProcess.Extended, 12, 2)]
    public void Streams_are_read_in_their_own_depth(string name, JpegProcess process, int precision, int tolerance)
    {
        var bytes = CodecFile.Read(name + ".jpg");
        var image = JpegDctDecoder.Decode(bytes, Limit);
        var expected = GreyTestImage.Read(name + ".pgm");
        Assert.Equal((expected.Width, expected.Height, precision, false), (image.Width, image.Height, image.Precision, image.IsSigned));
        Assert.InRange(expected.Samples.Zip(image.Samples, (one, other) => Math.Abs(one - other)).Max(), 0, tolerance);
        Assert.Equal(new JpegInfo(process, expected.Width, expected.Height, precision, 1), JpegInfo.Read(bytes));
    }

    [Theory]
    [InlineData("jpeg/libjpeg8.jpg")]
    [InlineData("jpeg/libjpeg8-restart.jpg")]
    [InlineData("jpeg/dcmtk12-extended.jpg")]
    public void A_cut_within_the_scan_is_an_error_wherever_it_is(string name)
    {
        var stream = CodecFile.Read(name);
        var end = CodecFile.DataEnd(stream);
        for (var length = 0; length < end; length++)
            Assert.False(Assert.Throws<CodecException>(() => JpegDctDecoder.Decode(stream.AsSpan(0, length), Limit)).IsUnsupported);
        Assert.Equal(JpegDctDecoder.Decode(stream, Limit).Samples, JpegDctDecoder.Decode(stream.AsSpan(0, end), Limit).Samples);
    }

    [Fact]
    public void A_cut_interval_is_an_error_though_the_next_one_is_whole()
    {
        var stream = CodecFile.Read("jpeg/libjpeg8-restart.jpg");
        var marker = stream.AsSpan().IndexOf([(byte)0xFF, (byte)0xD1]);
        var error = Assert.Throws<CodecException>(() => JpegDctDecoder.Decode([.. stream[..(marker - 8)], .. stream[marker..]], Limit));
        Assert.Contains("ends within block", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Padding_before_a_restart_marker_is_an_error_and_not_an_exception_of_the_library()
    {
        var stream = CodecFile.Read("jpeg/libjpeg8-restart.jpg");
        var marker = stream.AsSpan().IndexOf([(byte)0xFF, (byte)0xD1]);
        var error = Assert.Throws<CodecException>(() => JpegDctDecoder.Decode([.. stream[..marker], 0x00, .. stream[marker..]], Limit));
        Assert.Contains("restart marker", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_behind_the_scan_are_read()
    {
        var stream = CodecFile.Read("jpeg/libjpeg8.jpg");
        var frame = stream.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]);
        byte[] open = [.. stream[..(frame + 5)], 0, 0, .. stream[(frame + 7)..^2], 0xFF, 0xDC, 0, 4, .. stream[(frame + 5)..(frame + 7)], 0xFF, 0xD9];
        Assert.Equal(JpegDctDecoder.Decode(stream, Limit).Samples, JpegDctDecoder.Decode(open, Limit).Samples);
        Assert.Equal(47, JpegInfo.Read(open).Height);
    }

    [Theory]
    [InlineData(0xC2, "progressive")]
    [InlineData(0xC3, "lossless")]
    [InlineData(0xC9, "arithmetic")]
    [InlineData(0xF7, "JPEG-LS")]
    public void Other_processes_are_refused_by_name(byte marker, string words)
    {
        var stream = CodecFile.Read("jpeg/libjpeg8.jpg");
        stream[stream.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]) + 1] = marker;
        var error = Assert.Throws<CodecException>(() => JpegDctDecoder.Decode(stream, Limit));
        Assert.True(error.IsUnsupported);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_pixels_than_the_limit_are_refused()
    {
        var error = Assert.Throws<CodecException>(() => JpegDctDecoder.Decode(CodecFile.Read("jpeg/libjpeg8.jpg"), (61 * 47) - 1));
        Assert.Contains("limit of 2866", error.Message, StringComparison.Ordinal);
    }
}
