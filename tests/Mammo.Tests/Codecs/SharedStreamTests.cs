using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Mammo.Codecs;
using Mammo.Codecs.Jpeg;
using Mammo.Codecs.JpegLossless;
using Mammo.Codecs.JpegLs;
using Mammo.Codecs.Rle;
using Mammo.Data.Files;

namespace Mammo.Tests.Codecs;

/// <summary>Streams whose licence keeps them out of this repository: NEMA's WG-04 images and the conformance data of T.87; and every predictor of lossless
/// JPEG.</summary>
public sealed class SharedStreamTests
{
    private const long Limit = 1 << 24;

    [Fact]
    public void Lossless_and_near_lossless_streams_are_exact()
    {
        foreach (var (folder, name) in Names())
            AssertExact(folder, name);
    }

    private static void AssertExact(string folder, string name)
    {
        var path = Shared.File(["data", folder, .. name.Split('/')]);
        using var all = JsonDocument.Parse(File.ReadAllText(Shared.File("data", folder, "expected.json")));
        var expected = all.RootElement.GetProperty(name);
        var (width, height) = (expected.GetProperty("columns").GetInt32(), expected.GetProperty("rows").GetInt32());
        var stream = path.EndsWith(".dcm", StringComparison.Ordinal) ? CodecFile.Frame(path) : File.ReadAllBytes(path);
        var image = stream[0] != 0xFF ? RleDecoder.Decode(stream, width, height, expected.GetProperty("bitsAllocated").GetInt32(), Limit)
            : JpegInfo.Read(stream).Process == JpegProcess.JpegLs ? JpegLsDecoder.Decode(stream, Limit)
            : JpegLosslessDecoder.Decode(stream, Limit);
        Assert.Equal((width, height), (image.Width, image.Height));

        // As both files define it: the lowest Bits Stored bits, with their sign.
        var unused = 16 - expected.GetProperty("bitsStored").GetInt32();
        var isSigned = expected.TryGetProperty("signed", out var sign) ? sign.GetBoolean() : expected.GetProperty("pixelRepresentation").GetInt32() == 1;
        int Stored(ushort sample) => isSigned ? (short)(sample << unused) >> unused : (ushort)(sample << unused) >> unused;
        ushort[] stored = [.. image.Samples.Select(sample => (ushort)Stored(sample))];
        Assert.Equal(expected.GetProperty("storedSha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(stored.AsSpan()))));
    }

    [Theory]
    [InlineData("sv1_pt0.jpg", "pt0.expected.png")]
    [InlineData("sv3_pt0.jpg", "pt0.expected.png")]
    [InlineData("sv2_pt2.jpg", "pt2.expected.png")]
    [InlineData("sv6_pt2.jpg", "pt2.expected.png")]
    public void Predictors_and_point_transforms_are_exact(string stream, string expected)
    {
        var image = JpegLosslessDecoder.Decode(File.ReadAllBytes(Shared.Data("codecs", "jpeg-lossless", stream)), Limit);
        Assert.Equal(ImageReader.Read(Shared.Data("codecs", "jpeg-lossless", expected)).Pixels, image.Samples);
    }

    [Fact]
    public void Three_components_are_refused()
    {
        var stream = File.ReadAllBytes(Shared.File("data", "codecs", "t87", "t8c0e0.jls"));
        Assert.Equal(new JpegInfo(JpegProcess.JpegLs, 256, 256, 8, 3), JpegInfo.Read(stream));
        Assert.True(Assert.Throws<CodecException>(() => JpegLsDecoder.Decode(stream, Limit)).IsUnsupported);
    }

    private static IEnumerable<(string Folder, string Name)> Names()
    {
        foreach (var image in (string[])["CT1", "MR1", "MR3"])
        {
            foreach (var kind in (string[])["JLSL", "JLSN", "JPLL", "RLE"])
                yield return ("codecs", $"wg04/{image}_{kind}.dcm");
        }

        foreach (var name in (string[])["RG2_JLSL.dcm", "RG2_JLSN.dcm", "NM1_JLSL.jls", "NM1_JLSN.jls", "NM1_JPLL.jpg"])
            yield return ("codecs", "wg04/" + name);
        foreach (var name in (string[])["t16e0", "t8nde0", "t8nde3"])
            yield return ("codecs", $"t87/{name}.jls");
        foreach (var name in (string[])["lossless-p14", "lossless-sv1", "lossless-sv1-12bit", "lossless-sv1-fragments"])
            yield return ("dicom", $"jpeg-{name}.dcm");
        yield return ("dicom", "jpegls-lossless.dcm");
        yield return ("dicom", "rle.dcm");
    }
}
