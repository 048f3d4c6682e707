using System.Buffers.Binary;
using Mammo.Codecs;
using Mammo.Codecs.Rle;
using Mammo.PowerShell.Common;

namespace Mammo.Tests.Codecs;

/// <summary>DICOM's run-length coding against DCMTK's frames, and against annex G of PS3.5.</summary>
public sealed class RleDecoderTests
{
    private const long Limit = 1 << 24;

    [Theory]
    [InlineData("rle/dcmtk8.rle", "jpeg/image8.pgm", 8)]
    [InlineData("rle/dcmtk16.rle", "jpeg/image16.pgm", 16)]
    public void Frames_of_another_encoder_are_exact(string frame, string expected, int bits)
    {
        var original = GreyTestImage.Read(expected);
        var image = RleDecoder.Decode(CodecFile.Read(frame), original.Width, original.Height, bits, Limit);
        Assert.Equal((original.Width, original.Height, bits, false), (image.Width, image.Height, image.Precision, image.IsSigned));
        Assert.Equal(original.Samples, image.Samples);
    }

    /// <summary>Runs and literals of any length, control bytes that mean nothing, padding behind a segment.</summary>
    [Fact]
    public void Whatever_the_standard_allows_is_exact()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var bits = random.Next(2) == 0 ? 8 : 16;
            var image = GreyTestImage.Random(random, 40, bits);
            var decoded = RleDecoder.Decode(Encode(image, bits, random), image.Width, image.Height, bits, Limit);
            Assert.True(decoded.Samples.AsSpan().SequenceEqual(image.Samples), $"seed {seed}");
        }
    }

    [Fact]
    public void A_cut_within_a_segment_is_an_error_wherever_it_is()
    {
        var frame = CodecFile.Read("rle/dcmtk16.rle");
        // The last byte may be padding.
        for (var length = 0; length < frame.Length - 1; length++)
            Assert.False(Assert.Throws<CodecException>(() => RleDecoder.Decode(frame.AsSpan(0, length), 61, 47, 16, Limit)).IsUnsupported);
    }

    [Theory]
    [InlineData(8, 3, "colour", true)]
    [InlineData(16, 6, "colour", true)]
    [InlineData(32, 4, "32 bits", true)]
    [InlineData(8, 2, "2 segments", false)]
    [InlineData(16, 1, "1 segments", false)]
    [InlineData(8, 0, "0 segments", false)]
    public void Other_numbers_of_segments_are_refused(int bits, uint segments, string words, bool isUnsupported)
    {
        var frame = CodecFile.Read("rle/dcmtk16.rle");
        BinaryPrimitives.WriteUInt32LittleEndian(frame, segments);
        var error = Assert.Throws<CodecException>(() => RleDecoder.Decode(frame, 61, 47, bits, Limit));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(isUnsupported, error.IsUnsupported);
    }

    [Theory]
    [InlineData(63u, 2000u)]
    [InlineData(2000u, 64u)]
    [InlineData(64u, 0xFFFFFFFFu)]
    public void Segments_that_are_not_within_the_frame_are_an_error(uint first, uint second)
    {
        var frame = CodecFile.Read("rle/dcmtk16.rle");
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), first);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(8), second);
        Assert.Contains("not where its header says", CodecFile.Message(() => RleDecoder.Decode(frame, 61, 47, 16, Limit)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_beyond_the_last_sample_is_an_error() => Assert.Contains(
        "beyond its last sample",
        Assert.Throws<CodecException>(() => RleDecoder.Decode(CodecFile.Read("rle/dcmtk8.rle"), 60, 47, 8, Limit)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Nothing_is_allocated_for_more_pixels_than_the_limit_or_the_data_allow()
    {
        var frame = CodecFile.Read("rle/dcmtk8.rle");
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("limit of 2866", CodecFile.Message(() => RleDecoder.Decode(frame, 61, 47, 8, (61 * 47) - 1)), StringComparison.Ordinal);
        Assert.Contains("has none", CodecFile.Message(() => RleDecoder.Decode(frame, 61, 0, 8, Limit)), StringComparison.Ordinal);
        Assert.Contains("too short", CodecFile.Message(() => RleDecoder.Decode(frame, 40_000, 40_000, 8, long.MaxValue)), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 1_000_000);
    }

    internal static byte[] Encode(GreyTestImage image, int bits, Random random)
    {
        var frame = new List<byte>(new byte[64]);
        frame[0] = (byte)(bits / 8);
        for (var i = 0; i < bits / 8; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(frame)[(4 * (i + 1))..], frame.Count);
            var shift = bits - 8 - (8 * i);
            PackBits([.. image.Samples.Select(sample => (byte)(sample >> shift))], frame, random);
            if (frame.Count % 2 == 1)
                frame.Add(0);
        }

        return [.. frame];
    }

    private static void PackBits(byte[] bytes, List<byte> target, Random random)
    {
        for (var position = 0; position < bytes.Length;)
        {
            if (random.Next(20) == 0)
                target.Add(128);
            var run = 1;
            while (run < 128 && position + run < bytes.Length && bytes[position + run] == bytes[position])
                run++;
            var literal = Math.Min(random.Next(1, 129), bytes.Length - position);
            if (run > 1)
                target.AddRange([(byte)(257 - run), bytes[position]]);
            else
                target.AddRange([(byte)(literal - 1), .. bytes[position..(position + literal)]]);
            position += run > 1 ? run : literal;
        }
    }
}
