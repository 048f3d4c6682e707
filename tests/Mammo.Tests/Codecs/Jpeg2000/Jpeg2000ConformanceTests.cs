using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mammo.Codecs;
using Mammo.Codecs.Jpeg2000;
using Mammo.Data.Files;
using static Mammo.Tests.Codecs.Jpeg2000.Jpeg2000File;

namespace Mammo.Tests.Codecs.Jpeg2000;

/// <summary>
/// Streams of others, whose licences do not allow copies here: ISO/IEC 15444-4 (class 1) and NEMA WG-04. README.md in shared/data/codecs tells where
/// they are from and how closely they are to agree.
/// </summary>
public sealed class Jpeg2000ConformanceTests
{
    [Fact]
    public void Streams_of_iso_15444_4_agree_with_the_reference_decoder()
    {
        var streams = Expected().Where(entry => entry.Name.StartsWith("iso15444-4/", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(streams);
        foreach (var stream in streams)
        {
            var images = Jpeg2000Decoder.DecodeComponents(Frame(Shared.File("data", "codecs", stream.Name)), Limit, threads: 2);
            foreach (var component in stream.Value.GetProperty("components").EnumerateArray())
            {
                var image = images[component.GetProperty("component").GetInt32()];
                Assert.Equal((component.GetProperty("columns").GetInt32(), component.GetProperty("rows").GetInt32()), (image.Width, image.Height));
                Assert.Equal((component.GetProperty("precision").GetInt32(), component.GetProperty("signed").GetBoolean()), (image.Precision, image.IsSigned));
                var reference = ReadPgx(Shared.File("data", "codecs", "iso15444-4", component.GetProperty("referenceFile").GetString()!), image);
                var differences = Numbers(image).Zip(reference, (sample, other) => Math.Abs(sample - other)).ToArray();
                Assert.True(differences.Max() <= component.GetProperty("peakTolerance").GetInt32(), $"{stream.Name}: peak error {differences.Max()}");
                var meanSquare = differences.Average(difference => (double)difference * difference);
                Assert.True(meanSquare <= component.GetProperty("mseTolerance").GetDouble(), $"{stream.Name}: mean squared error {meanSquare}");
            }
        }
    }

    [Fact]
    public void Lossless_images_of_nema_are_equal()
    {
        foreach (var entry in Nema("J2KR"))
        {
            var image = Jpeg2000Decoder.Decode(Frame(Shared.File("data", "codecs", entry.Name)), Limit, threads: 2);
            Assert.Equal(entry.Value.GetProperty("storedSha256").GetString(), Hash(image));
        }
    }

    [Fact]
    public void Lossy_images_of_nema_agree_with_another_decoder()
    {
        foreach (var entry in Nema("J2KI", "JPEG2000"))
        {
            var samples = Numbers(Jpeg2000Decoder.Decode(Frame(Shared.File("data", "codecs", entry.Name)), Limit, threads: 2));
            var other = ImageReader.Read(Shared.File(["data", "codecs", .. entry.Value.GetProperty("expectedPng").GetString()!.Split('/')])).Pixels;
            var offset = entry.Value.GetProperty("expectedPngOffset").GetInt32();
            var differences = samples.Zip(other, (sample, pixel) => Math.Abs(sample - (pixel - offset))).ToArray();
            Assert.InRange(differences.Max(), 0, entry.Value.GetProperty("storedTolerance").GetInt32());
            // What differs at all: samples whose exact value lies in the middle between two.
            Assert.InRange(differences.Count(difference => difference > 0), 0, samples.Length / 500);
        }
    }

    private static JsonProperty[] Nema(params string[] kinds)
    {
        var entries = Array.FindAll(Expected(), entry => kinds.Any(kind => entry.Name.Split('.')[0].EndsWith(kind, StringComparison.Ordinal)));
        Assert.NotEmpty(entries);
        return entries;
    }

    private static JsonProperty[] Expected() =>
        [.. JsonDocument.Parse(File.ReadAllBytes(Shared.File("data", "codecs", "expected.json"))).RootElement.EnumerateObject()];

    /// <summary>A line of text and big-endian samples.</summary>
    private static int[] ReadPgx(string path, CodecImage image)
    {
        var bytes = File.ReadAllBytes(path);
        var start = Array.IndexOf(bytes, (byte)'\n') + 1;
        Assert.StartsWith("PG ML", Encoding.ASCII.GetString(bytes, 0, start), StringComparison.Ordinal);
        var wide = image.Precision > 8 ? 1 : 0;
        Assert.Equal(image.Samples.Length << wide, bytes.Length - start);
        var samples = new int[image.Samples.Length];
        for (var i = 0; i < samples.Length; i++)
        {
            var pattern = wide == 1 ? bytes[start + 2 * i] << 8 | bytes[start + 2 * i + 1] : bytes[start + i];
            samples[i] = !image.IsSigned ? pattern : wide == 1 ? (short)pattern : (sbyte)pattern;
        }

        return samples;
    }

    /// <summary>SHA-256 of the samples as 16-bit little-endian.</summary>
    private static string Hash(CodecImage image) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(image.Samples.AsSpan())));
}
