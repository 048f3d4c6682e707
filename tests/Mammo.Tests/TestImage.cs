using Mammo.Data.Images;
using NetVips;

namespace Mammo.Tests;

/// <summary>Reads the grey PNG fixtures apart from the reader under test.</summary>
internal static class TestImage
{
    public static GreyImage Read(params string[] parts)
    {
        using var image = Image.NewFromFile(Path.Combine(parts));
        Assert.Equal(1, image.Bands);
        var isWide = image.Format == Enums.BandFormat.Ushort;
        using var wide = image.Cast(Enums.BandFormat.Ushort);
        return new GreyImage(image.Height, image.Width, isWide ? 16 : 8, wide.WriteToMemory<ushort>());
    }

    public static Mask ReadMask(params string[] parts) => Mask.Above(Read(parts), 0);

    public static GreyImage Of(string rows)
    {
        var lines = rows.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new GreyImage(lines.Length, lines[0].Length, 8, [.. string.Concat(lines).Select(item => item == '.' ? (ushort)0 : (ushort)255)]);
    }
}
