using Mammo.Data.Files;
using Mammo.Tests.Support;
using NetVips;

using static Mammo.Tests.Support.TestImages;

namespace Mammo.Tests.Data.Files;

/// <summary>Damaged files of every format: an image or an error, never a crash, a hang or memory without end.</summary>
public sealed class ImageFuzzTests
{
    private const int Rounds = 150;

    public static TheoryData<string> Formats => [.. Files().Keys];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Damage_gives_an_image_or_an_error(string format)
    {
        var file = Files()[format];
        var random = new Random(20171104);
        var path = Path.Combine(Shared.NewFolder(), "image");
        for (var round = 0; round < Rounds; round++)
        {
            File.WriteAllBytes(path, Damage(file, random));
            var effort = Effort.Of(() => AssertImageOrError(path));
            Assert.InRange(effort.Allocated, 0, 10_000_000);
            Assert.InRange(effort.Processor.TotalSeconds, 0, 10);
        }
    }

    private static void AssertImageOrError(string path)
    {
        try
        {
            var image = ImageReader.Read(path, pixelLimit: 1_000_000);
            Assert.InRange(image.Pixels.Length, 1, 1_000_000);
            Assert.Equal(image.Size, ImageReader.Size(path, pixelLimit: 1_000_000));
        }
        catch (MammoException error)
        {
            Assert.Contains(error.ErrorId, (string[])[ErrorIds.ImageUnreadable, ErrorIds.ImageTooLarge]);
            Assert.Contains(IdOfSize(path), (string?[])[null, ErrorIds.ImageUnreadable, ErrorIds.ImageTooLarge]);
        }
    }

    private static string? IdOfSize(string path)
    {
        try
        {
            ImageReader.Size(path, pixelLimit: 1_000_000);
            return null;
        }
        catch (MammoException error)
        {
            return error.ErrorId;
        }
    }

    private static byte[] Damage(byte[] file, Random random)
    {
        var damaged = (byte[])file.Clone();
        // Headers decide most, so that half of the damage goes to the first bytes.
        for (var flips = random.Next(1, 5); flips > 0; flips--)
            damaged[random.Next(random.Next(2) == 0 ? Math.Min(64, damaged.Length) : damaged.Length)] = (byte)random.Next(256);
        return random.Next(3) == 0 ? damaged[..random.Next(damaged.Length)] : damaged;
    }

    private static Dictionary<string, byte[]> Files()
    {
        using var grey = Grey(8);
        using var deep = Grey(16);
        using var colour = Colour(8);
        return new Dictionary<string, byte[]>
        {
            ["png 8"] = grey.PngsaveBuffer(),
            ["png 16"] = deep.PngsaveBuffer(interlace: true),
            ["png palette"] = colour.PngsaveBuffer(palette: true),
            ["jpeg"] = grey.JpegsaveBuffer(),
            ["jpeg progressive"] = colour.JpegsaveBuffer(interlace: true),
            ["tiff"] = deep.TiffsaveBuffer(),
            ["tiff lzw"] = grey.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Lzw),
            ["tiff deflate tiles"] = deep.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Deflate, tile: true),
            ["webp"] = colour.WebpsaveBuffer(),
            ["webp lossless"] = colour.WebpsaveBuffer(lossless: true),
            ["pgm text"] = Pnm($"P2 {Width} {Height} 255\n", true, 255, Pixels(8)),
            ["pgm"] = Pnm($"P5 {Width} {Height} 65535\n", false, 65535, Pixels(16)),
            ["ppm"] = Pnm($"P6 {Width} {Height} 255\n", false, 255, Colours(8)),
            ["bmp palette"] = Bmp(8, [.. Pixels(8).Select(pixel => (byte)pixel)], [.. Enumerable.Range(0, 256).Select(i => (uint)i * 0x010101)]),
            ["bmp 24"] = Bmp(24, [.. Colours(8).Select(sample => (byte)sample)], []),
        };
    }
}
