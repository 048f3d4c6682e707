namespace Mammo.Tests.Codecs.Jpeg2000;

/// <summary>
/// The image in all streams of tests/data/codecs/jpeg2000: slopes, noise, a bright square and a black corner, in integers alone. README.md there says
/// the same.
/// </summary>
internal static class DrawnImage
{
    public static int[] Samples(int width, int height, int precision, bool isSigned)
    {
        var samples = new int[width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                samples[y * width + x] = Value(x, y, (1 << precision) - 1) - (isSigned ? 1 << (precision - 1) : 0);
        }

        return samples;
    }

    private static int Value(int x, int y, int highest)
    {
        if (x + y < 5)
            return 0;
        if (x is >= 10 and < 20 && y is >= 8 and < 16)
            return highest;
        var place = (x * 7 + y * 5) % 128;
        var slope = (place < 64 ? place : 127 - place) * highest / 84;
        var noise = (uint)(x * 73856093 ^ y * 19349663) * 2654435761u >> 16;
        return slope + (int)(noise % (uint)(highest / 16 + 1));
    }
}
