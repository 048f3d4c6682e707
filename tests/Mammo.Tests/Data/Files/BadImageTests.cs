using System.Diagnostics;
using System.Globalization;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Tests.Support;
using NetVips;

using static Mammo.Tests.Support.TestImages;

namespace Mammo.Tests.Data.Files;

/// <summary>What users' folders really hold. Each is one clear error, quickly, without memory for what a file merely claims.</summary>
public sealed class BadImageTests
{
    [Fact]
    public void Missing_file()
    {
        var error = Assert.Throws<MammoException>(() => ImageReader.Read("/no/such/[file].png"));
        Assert.Equal(ErrorIds.FileNotFound, error.ErrorId);
        Assert.Equal("/no/such/[file].png", error.Target);
        Assert.Contains("/no/such/[file].png", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_is_as_good_as_its_file_and_one_that_leads_nowhere_is_missing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        var root = Shared.NewFolder();
        string file = Path.Combine(root, "film.png"), link = Path.Combine(root, "link.png"), second = Path.Combine(root, "second.png"),
        broken = Path.Combine(root, "broken.png");
        PngWriter.Write(file, new GreyImage(40, 30, 8, [.. Enumerable.Range(0, 1200).Select(i => (ushort)(i % 251))]));
        File.CreateSymbolicLink(link, "film.png");
        File.CreateSymbolicLink(second, link);
        File.CreateSymbolicLink(broken, "gone.png");
        Assert.Equal(ImageReader.Read(file).Pixels, ImageReader.Read(second).Pixels);
        Assert.Equal(InputFile.LengthOf(file), InputFile.LengthOf(second));
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<MammoException>(() => ImageReader.Read(broken)).ErrorId);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("Dear colleague, the image is attached.", "not a PNG")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "not a PNG")]
    [InlineData("GIF89a......", "not a PNG")]
    [InlineData("B", "not a PNG")]
    [InlineData("P1 2 2\n0 1 0 1\n", "P1")]
    [InlineData("P7\nWIDTH 2\n", "P7")]
    [InlineData("P5 2 2 255\nabc", "truncated")]
    [InlineData("P5 2 9 255\nabc", "can hold")]
    [InlineData("P5 0 2 255\nabc", "2x0")]
    [InlineData("P5 -1 2 255\nabc", "damaged")]
    [InlineData("P5 2 2 0\nabcd", "maximum of 0")]
    [InlineData("P5 2 2 70000\nabcd", "maximum of 70000")]
    [InlineData("P5 2 2 3\nabcd", "above the maximum")]
    [InlineData("P5 2 2", "truncated")]
    [InlineData("P2 2 2 255\n1 2 3 x      ", "damaged")]
    [InlineData("P2 2 2 255\n1 2 3 256    ", "above the maximum")]
    [InlineData("BM too short", "header")]
    public void Wrong_content(string content, string reason)
    {
        var error = Refused(System.Text.Encoding.ASCII.GetBytes(content));
        Assert.Equal(ErrorIds.ImageUnreadable, error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_instead_of_a_file() =>
        Assert.Equal(ErrorIds.ImageUnreadable, Assert.Throws<MammoException>(() => ImageReader.Read(Shared.NewFolder())).ErrorId);

    [Fact]
    public void Pipe_instead_of_a_file_does_not_hang()
    {
        var path = NamedPipe.Make(Path.Combine(Shared.NewFolder(), "pipe.png"));
        Assert.Equal(ErrorIds.ImageUnreadable, Assert.Throws<MammoException>(() => ImageReader.Read(path)).ErrorId);
    }

    [Theory]
    [InlineData("png")]
    [InlineData("tiff")]
    [InlineData("pgm")]
    [InlineData("bmp")]
    public void A_file_of_holes_is_not_read_for_its_header(string kind)
    {
        using var grey = Image.NewFromMemory(new byte[4000], 50, 80, 1, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Bw);
        byte[] content = kind switch
        {
            "png" => grey.PngsaveBuffer(),
            "tiff" => grey.TiffsaveBuffer(),
            "pgm" => [.. "P5 50 80 255\n"u8, .. new byte[4000]],
            _ => Bmp(80, 50),
        };
        var path = Path.Combine(Shared.NewFolder(), "holes");
        using (var file = File.Create(path))
        {
            file.Write(content);
            file.SetLength(2_000_000_000);
        }

        MammoException? error = null;
        var effort = Effort.Of(() => error = Assert.Throws<MammoException>(() => ImageReader.Read(path)));
        Assert.Equal(ErrorIds.ImageUnreadable, error!.ErrorId);
        Assert.InRange(effort.Allocated, 0, 10_000_000);

        static byte[] Bmp(int height, int width)
        {
            var bytes = new byte[1078 + (height * 52)];
            "BM"u8.CopyTo(bytes);
            foreach (var (at, value) in new[] { (10, 1078), (14, 40), (18, width), (22, height), (26, 1 | (8 << 16)) })
                BitConverter.TryWriteBytes(bytes.AsSpan(at), value);
            return bytes;
        }
    }

    [Fact]
    public void An_image_above_the_budget_is_refused_before_it_is_decoded()
    {
        using var black = Image.Black(19_900, 19_900);
        var path = Path.Combine(Shared.NewFolder(), "black.png");
        File.WriteAllBytes(path, black.Cast(Enums.BandFormat.Uchar).PngsaveBuffer());
        var before = DecodingBudget.Bytes;
        try
        {
            DecodingBudget.Bytes = 1L << 30;
            var error = Assert.Throws<MammoException>(() => ImageReader.Read(path));
            Assert.Equal(ErrorIds.ImageTooLarge, error.ErrorId);
            Assert.Contains("-MemoryBudget", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            DecodingBudget.Bytes = before;
        }
    }

    [Fact]
    public void Truncated_files_are_errors_not_half_images()
    {
        using var grey = Image.NewFromMemory([.. Enumerable.Range(0, 4000).Select(i => (byte)(i * 7919 % 251))], 50, 80, 1, Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Bw);
        byte[][] files = [
            grey.PngsaveBuffer(),
            grey.JpegsaveBuffer(),
            grey.TiffsaveBuffer(),
            grey.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Lzw),
            grey.WebpsaveBuffer()];
        foreach (var file in files)
        {
            foreach (var kept in (int[])[8, 20, file.Length / 4, file.Length / 2, file.Length * 9 / 10])
                Assert.Equal(ErrorIds.ImageUnreadable, Refused(file[..kept]).ErrorId);
        }
    }

    [Fact]
    public void A_header_of_30000_by_30000_without_data_is_too_large()
    {
        var error = WithoutAllocating(Png(30000, 30000, 8, 0, []));
        Assert.Equal(ErrorIds.ImageTooLarge, error.ErrorId);
        Assert.Contains("30000x30000", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20000, 20000, 8)]
    [InlineData(3000, 2000, 16)]
    [InlineData(400, 300, 8)]
    public void A_header_that_claims_more_than_the_file_can_hold_is_unreadable(int height, int width, int bits)
    {
        var error = WithoutAllocating(Png(height, width, (byte)bits, 0, []));
        Assert.Equal(ErrorIds.ImageUnreadable, error.ErrorId);
        Assert.Contains(FormattableString.Invariant($"{height}x{width}"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_formats_that_claim_too_much_are_refused()
    {
        Assert.Equal(ErrorIds.ImageUnreadable, WithoutAllocating(ProgressiveJpegOf20000By20000()).ErrorId);
        Assert.Equal(ErrorIds.ImageUnreadable, WithoutAllocating(BitmapOf20000By20000()).ErrorId);
        Assert.Equal(ErrorIds.ImageTooLarge, WithoutAllocating("P5 99999999 99999999 255\n"u8.ToArray()).ErrorId);
        Assert.Equal(ErrorIds.ImageTooLarge, WithoutAllocating("P5 99999999999999999999999999 1 255\n"u8.ToArray()).ErrorId);
        Assert.Equal(ErrorIds.ImageUnreadable, WithoutAllocating("P5 20000 20000 255\n1"u8.ToArray()).ErrorId);
    }

    /// <summary>The memory that libvips takes is seen from outside only, and only where nothing else goes on.</summary>
    [Fact]
    public void The_process_does_not_grow_for_what_files_claim()
    {
        using var good = Grey(8);
        byte[][] claims =
        [
            Png(30000, 30000, 8, 0, []), Png(20000, 20000, 8, 0, []), Png(20000, 20000, 16, 0, []),
            ProgressiveJpegOf20000By20000(), BitmapOf20000By20000(), "P5 20000 20000 255\n1"u8.ToArray(),
        ];
        var folder = Shared.NewFolder();
        foreach (var (content, number) in claims.Prepend(good.PngsaveBuffer()).Select((content, number) => (content, number)))
            File.WriteAllBytes(Path.Combine(folder, FormattableString.Invariant($"{number}")), content);
        var lines = ChildProcess.RunTask(ReadImagesTask.Name, folder).Lines;
        Assert.Equal([ErrorIds.ImageTooLarge, .. Enumerable.Repeat(ErrorIds.ImageUnreadable, 5)], lines[..^1]);
        Assert.InRange(long.Parse(lines[^1], CultureInfo.InvariantCulture), 0, 100_000_000);
    }

    [Fact]
    public void Limit_is_the_callers()
    {
        using var image = Grey(8);
        var path = Path.Combine(Shared.NewFolder(), "image.png");
        File.WriteAllBytes(path, image.PngsaveBuffer());
        Assert.Equal(Height * Width, ImageReader.Read(path, Height * Width).Pixels.Length);
        Assert.Equal(ErrorIds.ImageTooLarge, Assert.Throws<MammoException>(() => ImageReader.Read(path, (Height * Width) - 1)).ErrorId);
    }

    [Fact]
    public void Kinds_of_pixels_that_are_not_read_are_named()
    {
        using var grey = Grey(8);
        using var cmyk = Colour(8).Colourspace(Enums.Interpretation.Cmyk);
        AssertNamed("Float", grey.Cast(Enums.BandFormat.Float).TiffsaveBuffer());
        AssertNamed("Int", grey.Cast(Enums.BandFormat.Int).TiffsaveBuffer());
        AssertNamed("Cmyk", cmyk.JpegsaveBuffer());
        AssertNamed("run-length", Bmp(8, new byte[Height * Width], new uint[256], compression: 1));
        AssertNamed("16 bits", Bmp(16, new byte[Height * Width * 2], []));
        AssertNamed("outside its palette", Bmp(8, [.. Enumerable.Repeat((byte)3, Height * Width)], [0, 1]));
    }

    [Fact]
    public void Several_pages_are_refused()
    {
        using var grey = Grey(8);
        using var both = grey.Join(grey, Enums.Direction.Vertical).Mutate(image => image.Set(GValue.GIntType, "page-height", Height));
        AssertNamed("several pages", both.TiffsaveBuffer());
    }

    private static void AssertNamed(string reason, byte[] content)
    {
        var error = Refused(content);
        Assert.Equal(ErrorIds.ImageUnreadable, error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static byte[] ProgressiveJpegOf20000By20000()
    {
        using var grey = Grey(8);
        var file = grey.JpegsaveBuffer(interlace: true);
        var frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC2]);
        ((ReadOnlySpan<byte>)[0x4E, 0x20, 0x4E, 0x20]).CopyTo(file.AsSpan(frame + 5));
        return file;
    }

    private static byte[] BitmapOf20000By20000()
    {
        var file = Bmp(8, [.. Pixels(8).Select(pixel => (byte)pixel)], new uint[256]);
        ((ReadOnlySpan<byte>)[0x20, 0x4E, 0, 0, 0x20, 0x4E, 0, 0]).CopyTo(file.AsSpan(18));
        return file;
    }

    private static MammoException WithoutAllocating(byte[] content)
    {
        MammoException error = null!;
        Assert.InRange(Effort.Of(() => error = Refused(content)).Allocated, 0, 10_000_000);
        return error;
    }
}
