using System.Text;
using Mammo.Codecs;
using Mammo.Codecs.Jpeg2000;
using static Mammo.Tests.Codecs.Jpeg2000.Jpeg2000File;

namespace Mammo.Tests.Codecs.Jpeg2000;

/// <summary>Streams of three encoders (tests/data/codecs/jpeg2000/README.md) give the image back.</summary>
public sealed class Jpeg2000DecoderTests
{
    [Theory]
    [InlineData("lrcp-layers-markers.j2k", 61, 47, 12)]
    [InlineData("rlcp-tiles.j2k", 64, 50, 8)]
    [InlineData("rpcl-precincts.j2k", 70, 66, 16)]
    [InlineData("pcrl-precincts-tiles.j2k", 66, 60, 12, true)]
    [InlineData("cprl-precincts-layers.j2k", 61, 53, 10)]
    [InlineData("progression-changes.j2k", 61, 47, 12)]
    [InlineData("tile-parts.j2k", 61, 47, 12)]
    [InlineData("packed-headers-main.j2k", 61, 47, 12)]
    [InlineData("packed-headers-tile.j2k", 61, 47, 12)]
    [InlineData("bypass.j2k", 61, 47, 16)]
    [InlineData("bypass-terminated.j2k", 61, 47, 16)]
    [InlineData("reset-terminated.j2k", 61, 47, 12)]
    [InlineData("causal.j2k", 61, 47, 12)]
    [InlineData("predictable-symbols.j2k", 61, 47, 12)]
    [InlineData("all-styles.j2k", 62, 47, 16, true)]
    [InlineData("blocks-4x256.j2k", 61, 47, 12)]
    [InlineData("blocks-1024x4.j2k", 61, 47, 12)]
    [InlineData("offsets.j2k", 61, 47, 12)]
    [InlineData("guard-bits.jp2", 61, 47, 12)]
    [InlineData("shifted.j2k", 61, 47, 12)]
    [InlineData("region.j2k", 61, 47, 10)]
    [InlineData("region-bypass-layers.j2k", 61, 47, 8)]
    [InlineData("1-bit.j2k", 62, 47, 1)]
    [InlineData("2-bit-signed.j2k", 62, 47, 2, true)]
    [InlineData("row.j2k", 90, 1, 12)]
    [InlineData("pixel.j2k", 1, 1, 16)]
    [InlineData("deep.j2k", 9, 5, 12)]
    public void Lossless_streams_give_every_sample_back(string name, int width, int height, int precision, bool isSigned = false)
    {
        var stream = Read(name);
        Assert.Equal(new Jpeg2000Info(width, height, precision, isSigned, 1), Jpeg2000Info.Read(stream));
        var image = Jpeg2000Decoder.Decode(stream, Limit);
        Assert.Equal((width, height, precision, isSigned), (image.Width, image.Height, image.Precision, image.IsSigned));
        Assert.Equal(DrawnImage.Samples(width, height, precision, isSigned), Numbers(image));
        Assert.Equal(image.Samples, Jpeg2000Decoder.Decode(stream, Limit, threads: 3).Samples);
    }

    /// <summary>
    /// Each sample is the exact one, rounded to nearest: single precision may be wrong only where that lies within 0.01 of the middle between two.
    /// </summary>
    /// <remarks><paramref name="difference"/> is the largest one to the image before it was encoded: how much the encoder left out.</remarks>
    [Theory]
    [InlineData("97.j2k", 61, 47, 12, false, 1)]
    [InlineData("97-derived.j2k", 61, 47, 12, false, 2)]
    [InlineData("97-offsets.j2k", 61, 47, 8, false, 1)]
    [InlineData("97-region.j2k", 61, 47, 10, false, 3)]
    [InlineData("97-tiles-signed.j2k", 66, 60, 16, true, 807)]
    [InlineData("97-overshoot.j2k", 61, 47, 8, false, 89)]
    [InlineData("97-deep.j2k", 9, 5, 12, false, 44)]
    public void Lossy_streams_give_what_the_exact_transform_does(string name, int width, int height, int precision, bool isSigned, int difference)
    {
        var stream = Read(name);
        var samples = Numbers(Jpeg2000Decoder.Decode(stream, Limit));
        var exact = ExactTransform.Decode(stream);
        var (shift, least) = isSigned ? (0, -1 << (precision - 1)) : (1 << (precision - 1), 0);
        for (var i = 0; i < samples.Length; i++)
            Assert.InRange(samples[i] - Math.Clamp(exact[i] + shift, least, least + (1 << precision) - 1), -0.51, 0.51);
        Assert.Equal(difference, Difference(samples, DrawnImage.Samples(width, height, precision, isSigned)));
    }

    [Fact]
    public void Overshoot_is_clamped()
    {
        var samples = Numbers(Jpeg2000Decoder.Decode(Read("97-overshoot.j2k"), Limit));
        var exact = ExactTransform.Decode(Read("97-overshoot.j2k"));
        Assert.InRange(exact.Max(), 128, 1000);
        Assert.InRange(exact.Min(), -1000, -129);
        Assert.Equal((0, 255), (samples.Min(), samples.Max()));
    }

    /// <summary>Bit planes that were left out count half.</summary>
    [Fact]
    public void Truncated_layers_come_close()
    {
        var samples = Numbers(Jpeg2000Decoder.Decode(Read("cut-layers.j2k"), Limit));
        var error = samples.Zip(DrawnImage.Samples(61, 47, 12, false), (sample, original) => (double)(sample - original) * (sample - original)).Average();
        // OpenJPEG and FFmpeg give the same samples.
        Assert.Equal(2084.10, error, 0.01);
    }

    [Theory]
    [InlineData("colour.j2k", 0)]
    [InlineData("colour-97.j2k", 2)]
    public void Components_are_decoded_but_colour_is_not_grey(string name, int difference)
    {
        var components = Jpeg2000Decoder.DecodeComponents(Read(name), Limit);
        for (var i = 0; i < 3; i++)
            Assert.InRange(Difference(Numbers(components[i]), DrawnImage.Samples(24, 20, 8 - i, false)), 0, difference);
        Assert.Equal(3, Jpeg2000Info.Read(Read(name)).Components);
        Assert.Contains("3 components", Refusal(Read(name)), StringComparison.Ordinal);
    }

    [Fact]
    public void Others_of_the_family_are_refused_by_name()
    {
        Assert.Contains("HTJ2K", Refusal(Read("htj2k.j2k")), StringComparison.Ordinal);
        Assert.Contains("subsampled", Refusal(Read("subsampled.j2k")), StringComparison.Ordinal);
        Assert.Contains("JPEG XL", Refusal([0xFF, 0x0A, 0, 0]), StringComparison.Ordinal);
        Assert.Contains("JPEG XL", Refusal([0, 0, 0, 12, .. "JXL \r\n"u8, 0x87, 10]), StringComparison.Ordinal);
        Assert.Contains("JPEG XR", Refusal([0x49, 0x49, 0xBC, 1]), StringComparison.Ordinal);
        // The codestream without CAP says it once more in its code-block style.
        var style = Read("row.j2k");
        style[style.AsSpan().IndexOf([(byte)0xFF, (byte)0x52]) + 12] |= 0x40;
        Assert.Contains("HTJ2K", Refusal(style), StringComparison.Ordinal);
        var part2 = Read("row.j2k");
        part2[6] = 0x80;
        Assert.Contains("Part 2", Refusal(part2), StringComparison.Ordinal);
        var deep = Read("row.j2k");
        deep[42] = 23;
        Assert.Contains("24 bits", Refusal(deep), StringComparison.Ordinal);
        Assert.Contains("palette", Refusal([.. Box("jp2h", Box("pclr", [1, 2, 3])), .. Box("jp2c", Read("row.j2k"))], "jP  "), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_read_whatever_stands_around_the_codestream()
    {
        var expected = Jpeg2000Decoder.Decode(Read("row.j2k"), Limit).Samples;
        byte[] file = [.. Signature, .. Box("ftyp", "jp2 "u8), .. Box("xml ", "<a/>"u8), .. Box("jp2c", Read("row.j2k")), .. Box("uuid", new byte[20])];
        Assert.Equal(expected, Jpeg2000Decoder.Decode(file, Limit).Samples);
        // The last box may leave its length open, and a codestream its end; an odd one is filled up.
        Assert.Equal(expected, Jpeg2000Decoder.Decode((byte[])[.. Signature, 0, 0, 0, 0, .. "jp2c"u8, .. Read("row.j2k")], Limit).Samples);
        Assert.Equal(expected, Jpeg2000Decoder.Decode(Read("row.j2k").AsMemory(..^2), Limit).Samples);
        Assert.Equal(expected, Jpeg2000Decoder.Decode((byte[])[.. Read("row.j2k"), 0xFF], Limit).Samples);
        // The last tile-part may leave its length open too.
        var open = Read("row.j2k");
        open.AsSpan(open.AsSpan().IndexOf([(byte)0xFF, (byte)0x90]) + 6, 4).Clear();
        Assert.Equal(expected, Jpeg2000Decoder.Decode(open, Limit).Samples);
        Assert.Equal(expected, Jpeg2000Decoder.Decode((byte[])[.. open, 0], Limit).Samples);
    }

    private static byte[] Signature => [.. Box("jP  ", [0x0D, 0x0A, 0x87, 0x0A])];

    private static byte[] Box(string type, ReadOnlySpan<byte> content) =>
        [0, 0, (byte)((content.Length + 8) >> 8), (byte)(content.Length + 8), .. Encoding.ASCII.GetBytes(type), .. content];

    private static int Difference(int[] samples, int[] drawn) => samples.Zip(drawn, (sample, original) => Math.Abs(sample - original)).Max();

    private static string Refusal(byte[] stream, string? container = null)
    {
        var error = Assert.Throws<CodecException>(() => Jpeg2000Decoder.Decode(container is null ? stream : (byte[])[.. Signature, .. stream], Limit));
        Assert.True(error.IsUnsupported);
        return error.Message;
    }
}
