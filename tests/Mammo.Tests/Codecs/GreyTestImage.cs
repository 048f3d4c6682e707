using System.Globalization;
using System.Text;

namespace Mammo.Tests.Codecs;

/// <summary>An image that is coded or expected.</summary>
internal sealed record GreyTestImage(int Width, int Height, ushort[] Samples)
{
    /// <summary>A binary PGM of 8 or 16 bits from tests/data/codecs.</summary>
    public static GreyTestImage Read(string name)
    {
        var file = CodecFile.Read(name);
        var header = Encoding.ASCII.GetString(file, 0, 20).Split([' ', '\n'], 5);
        var (width, height, deepest) = (Number(header[1]), Number(header[2]), Number(header[3]));
        var bytes = deepest > 255 ? 2 : 1;
        var pixels = file[^(width * height * bytes)..];
        var samples = Enumerable.Range(0, width * height).Select(i => (ushort)(bytes == 1 ? pixels[i] : (pixels[2 * i] << 8) | pixels[(2 * i) + 1]));
        return new GreyTestImage(width, height, [.. samples]);
    }

    /// <summary>Noise, slopes, flat areas, edges and extremes: what the branches of a coder depend on.</summary>
    public static GreyTestImage Random(Random random, int largestSide, int precision)
    {
        var (width, height, kind) = (random.Next(1, largestSide + 1), random.Next(1, largestSide + 1), random.Next(6));
        var maximum = (1 << precision) - 1;
        var samples = new ushort[width * height];
        for (var i = 0; i < samples.Length; i++)
        {
            var (x, y) = (i % width, i / width);
            var value = kind switch
            {
                0 => random.Next(maximum + 1),
                1 => maximum / 2,
                2 => (int)((Math.Sin(x * 0.3) + Math.Cos(y * 0.2) + 2) / 4 * maximum) + random.Next(-2, 3),
                3 => random.Next(12) == 0 ? random.Next(maximum + 1) : i > 0 ? samples[i - 1] : 0,
                4 => ((x / 5) + (y / 3)) % 2 == 0 ? 0 : maximum,
                _ => random.Next(3) switch { 0 => 0, 1 => (maximum + 1) / 2, _ => maximum },
            };
            samples[i] = (ushort)Math.Clamp(value, 0, maximum);
        }

        return new GreyTestImage(width, height, samples);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
