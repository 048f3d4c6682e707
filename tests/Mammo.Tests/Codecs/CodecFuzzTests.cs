using System.Diagnostics;
using System.Globalization;
using Mammo.Codecs;
using Mammo.Codecs.JpegDct;
using Mammo.Codecs.JpegLossless;
using Mammo.Codecs.JpegLs;
using Mammo.Codecs.Rle;
using Mammo.Scoring.Prediction;

namespace Mammo.Tests.Codecs;

/// <summary>
/// Damaged streams: an image or a CodecException, never another exception, a hang or memory without end. MAMMO_FUZZ_ROUNDS damages each stream so many
/// times, MAMMO_FUZZ_SEED in another way; a stream that breaks a rule is in the message.
/// </summary>
public sealed class CodecFuzzTests
{
    private const long Limit = 1_000_000;

    private static readonly int Rounds = Number("MAMMO_FUZZ_ROUNDS", 300);
    private static readonly int Seed = Number("MAMMO_FUZZ_SEED", 20171104);

    private static readonly Dictionary<string, Func<ReadOnlyMemory<byte>, CodecImage>> Decoders = new()
    {
        ["jls"] = stream => JpegLsDecoder.Decode(stream.Span, Limit),
        ["lossless"] = stream => JpegLosslessDecoder.Decode(stream.Span, Limit),
        ["dct"] = stream => JpegDctDecoder.Decode(stream.Span, Limit),
        ["rle"] = stream => RleDecoder.Decode(stream.Span, 61, 47, 16, Limit),
    };

    [Theory]
    [InlineData("jls", "jpeg/charls8.jls")]
    [InlineData("jls", "jpeg/charls16.jls")]
    [InlineData("jls", "jpeg/charls12-near3.jls")]
    [InlineData("jls", "restart")]
    [InlineData("lossless", "jpeg/dcmtk16-predictor6.jpg")]
    [InlineData("lossless", "jpeg/dcmtk12-predictor1.jpg")]
    [InlineData("lossless", "restart")]
    [InlineData("dct", "jpeg/libjpeg8.jpg")]
    [InlineData("dct", "jpeg/libjpeg8-restart.jpg")]
    [InlineData("dct", "jpeg/dcmtk12-extended.jpg")]
    [InlineData("rle", "rle/dcmtk16.rle")]
    public void Damage_gives_an_image_or_an_error(string decoder, string name)
    {
        var stream = name == "restart" ? WithRestarts(decoder) : CodecFile.Read(name);
        var random = new Random(Seed);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        var images = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var damaged = Damage(stream, random);
            try
            {
                var image = Decoders[decoder](damaged);
                Assert.Equal((long)image.Width * image.Height, image.Samples.Length);
                Assert.InRange(image.Samples.Length, 1, Limit);
                Assert.InRange(image.Samples.Max() >> image.Precision, 0, 0);
                images++;
            }
            catch (CodecException error)
            {
                Assert.NotEmpty(error.Message);
            }
            catch (Exception error)
            {
                Assert.Fail($"{error}\n{Convert.ToBase64String(damaged)}");
            }
        }

        Assert.InRange(images, 0, Rounds - (Rounds / 5));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, Rounds * 4_000_000L);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TestRun.Patience + TimeSpan.FromSeconds(Rounds / 10.0));
    }

    private static byte[] WithRestarts(string decoder)
    {
        var image = GreyTestImage.Read("jpeg/image12.pgm");
        image = image with { Samples = [.. image.Samples.Select(sample => Math.Min(sample, (ushort)4000))] };
        return decoder == "jls"
            ? new JpegLsEncoder { Precision = 12, Preset = [4000, 20, 70, 280, 64], RestartLines = 9, LinesBehindScan = true }.Encode(image)
            : new JpegLosslessEncoder { Precision = 12, Predictor = 7, RestartRows = 9, LinesBehindScan = true }.Encode(image);
    }

    private static byte[] Damage(byte[] stream, Random random)
    {
        var damaged = (byte[])stream.Clone();
        // Headers decide most, so that half of the damage goes to the first bytes.
        for (var flips = random.Next(1, 5); flips > 0; flips--)
        {
            var place = random.Next(random.Next(2) == 0 ? Math.Min(80, damaged.Length) : damaged.Length);
            damaged[place] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)(damaged[place] ^ (1 << random.Next(8))),
                _ => (byte)(random.Next(2) * 0xFF),
            };
        }

        return random.Next(4) switch
        {
            0 => damaged[..random.Next(damaged.Length)],
            1 => Without(damaged, random.Next(damaged.Length), random.Next(1, 9)),
            _ => damaged,
        };
    }

    private static byte[] Without(byte[] stream, int start, int length) => [.. stream[..start], .. stream[Math.Min(start + length, stream.Length)..]];

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
}
