using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Tests.Support;
using NetVips;

using static Mammo.Tests.Support.TestImages;

namespace Mammo.Tests.Data.Files;

public sealed class ImageReaderTests
{
    private const Enums.ForeignTiffCompression Lzw = Enums.ForeignTiffCompression.Lzw;

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void Grey_files_come_back_exactly(int bitDepth)
    {
        using var image = Grey(bitDepth);
        AssertPixels(Pixels(bitDepth), bitDepth, false, Read(image.PngsaveBuffer()));
        AssertPixels(Pixels(bitDepth), bitDepth, false, Read(image.PngsaveBuffer(interlace: true)));
        AssertPixels(Pixels(bitDepth), bitDepth, false, Read(image.TiffsaveBuffer()));
        AssertPixels(Pixels(bitDepth), bitDepth, false, Read(image.TiffsaveBuffer(compression: Lzw, predictor: Enums.ForeignTiffPredictor.Horizontal)));
        AssertPixels(Pixels(bitDepth), bitDepth, false, Read(image.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Deflate, tile: true)));
        AssertPixels(Pixels(bitDepth), bitDepth, false, Read(image.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Packbits, bigtiff: true)));
        AssertPixels(Pixels(bitDepth), bitDepth, false, Read(image.TiffsaveBuffer(miniswhite: true)));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void Colour_becomes_luma_and_is_marked(int bitDepth)
    {
        using var image = Colour(bitDepth);
        AssertPixels(Luma(bitDepth), bitDepth, true, Read(image.PngsaveBuffer()));
        AssertPixels(Luma(bitDepth), bitDepth, true, Read(image.TiffsaveBuffer(compression: Lzw)));
        var highest = bitDepth == 8 ? 255 : 65535;
        AssertPixels(Luma(bitDepth), bitDepth, true, Read(Pnm($"P6 {Width} {Height} {highest}\n", false, highest, Colours(bitDepth))));
        AssertPixels(Luma(bitDepth), bitDepth, true, Read(Pnm($"P3\n{Width} {Height}\n{highest}\n", true, highest, Colours(bitDepth))));
    }

    [Fact]
    public void Luma_is_what_OpenCV_gives_for_pure_colours()
    {
        ushort[] samples = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 1, 2, 3];
        var image = Read(Pnm("P6 5 1 255\n", false, 255, samples));
        Assert.Equal([76, 150, 29, 255, 2], image.Pixels.Select(pixel => (int)pixel));
    }

    [Fact]
    public void Equal_channels_are_grey()
    {
        using var grey = Grey(8);
        using var equal = grey.Bandjoin(grey, grey).Copy(interpretation: Enums.Interpretation.Srgb);
        AssertPixels(Pixels(8), 8, false, Read(equal.PngsaveBuffer()));
        AssertPixels(Pixels(8), 8, false, Read(grey.WebpsaveBuffer(lossless: true)));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void Alpha_is_ignored(int bitDepth)
    {
        using var alpha = Grey(bitDepth).Linear([0], [9]).Cast(bitDepth == 8 ? Enums.BandFormat.Uchar : Enums.BandFormat.Ushort);
        using var greyAlpha = Grey(bitDepth).Bandjoin(alpha);
        using var colourAlpha = Colour(bitDepth).Bandjoin(alpha);
        AssertPixels(Pixels(bitDepth), bitDepth, false, Read(greyAlpha.PngsaveBuffer()));
        AssertPixels(Luma(bitDepth), bitDepth, true, Read(colourAlpha.PngsaveBuffer()));
    }

    [Fact]
    public void Palettes_are_followed()
    {
        byte[] rows = [0, 0, 1, 2, 0, 2, 1, 0];
        var png = Png(2, 3, 8, 3, rows);
        // The palette goes between header and data: 8 + 25 bytes from the start.
        byte[] content = [.. png[..33], .. Chunk("PLTE"u8, [10, 20, 30, 200, 200, 200, 255, 0, 0]), .. png[33..]];
        var image = Read(content);
        Assert.Equal([18, 200, 76, 76, 200, 18], image.Pixels.Select(pixel => (int)pixel));
        Assert.True(image.WasColour);
    }

    [Theory]
    [InlineData(1, 255)]
    [InlineData(2, 85)]
    [InlineData(4, 17)]
    public void Few_bits_are_stretched_to_eight(int bits, int step)
    {
        var values = Enumerable.Range(0, Height * 8).Select(i => i * 7 % (1 << bits)).ToArray();
        byte[] rows = [
            .. values.Chunk(
                8).SelectMany(row => (byte[])[0, .. row.Chunk(8 / bits).Select(part => (byte)part.Aggregate(0, (packed, value) => (packed << bits) | value))])];
        var image = Read(Png(Height, 8, (byte)bits, 0, rows));
        Assert.Equal((new ImageSize(Height, 8), 8), (image.Size, image.BitDepth));
        Assert.Equal(values.Select(value => value * step), image.Pixels.Select(pixel => (int)pixel));
    }

    [Fact]
    public void Fax_compressed_tiff_is_read()
    {
        ushort[] pixels = [.. Enumerable.Range(0, Height * Width).Select(i => (ushort)(i % 3 == 0 ? 255 : 0))];
        using var image = Image.NewFromMemory([.. pixels.Select(pixel => (byte)pixel)], Width, Height, 1, Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Bw);
        AssertPixels(pixels, 8, false, Read(image.TiffsaveBuffer(bitdepth: 1, compression: Enums.ForeignTiffCompression.Ccittfax4)));
    }

    [Fact]
    public void Jpeg_is_decoded_as_by_its_own_library()
    {
        using var image = Grey(8);
        var content = image.JpegsaveBuffer(q: 100);
        var read = Read(content);
        using var decoded = Image.NewFromBuffer(content);
        Assert.Equal(decoded.WriteToMemory<byte>().Select(pixel => (int)pixel), read.Pixels.Select(pixel => (int)pixel));
        Assert.False(read.WasColour);
        Assert.True(Read(Colour(8).JpegsaveBuffer(q: 100)).WasColour);
    }

    [Theory]
    [InlineData(255, 8)]
    [InlineData(4095, 16)]
    [InlineData(65535, 16)]
    public void Pgm_values_are_kept(int highest, int bitDepth)
    {
        ushort[] samples = [.. Pixels(16).Select(pixel => (ushort)(pixel * highest / 65535))];
        AssertPixels(samples, bitDepth, false, Read(Pnm($"P5\n# a comment\n{Width} {Height}\n{highest}\n", false, highest, samples)));
        AssertPixels(samples, bitDepth, false, Read(Pnm($"P2 {Width}\t{Height} # 7 8\r\n{highest} ", true, highest, samples)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bitmaps_are_read(bool isTopDown)
    {
        uint[] greys = [.. Enumerable.Range(0, 256).Select(i => (uint)i * 0x010101)];
        byte[] bytes = [.. Pixels(8).Select(pixel => (byte)pixel)];
        AssertPixels(Pixels(8), 8, false, Read(Bmp(8, bytes, greys, isTopDown)));
        var colours = Colours(8);
        byte[] triples = [
            .. Enumerable.Range(0, Height * Width).SelectMany(i => (byte[])[(byte)colours[(3 * i) + 2], (byte)colours[(3 * i) + 1], (byte)colours[3 * i]])];
        byte[] quadruples = [.. triples.Chunk(3).SelectMany(colour => (byte[])[.. colour, 77])];
        AssertPixels(Luma(8), 8, true, Read(Bmp(24, triples, [], isTopDown)));
        AssertPixels(Luma(8), 8, true, Read(Bmp(32, quadruples, [], isTopDown)));
    }

    [Fact]
    public void Bitmaps_of_few_bits_are_read()
    {
        byte[] oneBit = [.. Enumerable.Repeat((byte)0b1011_0010, Height)];
        int[] row = [255, 0, 255, 255, 0, 0, 255];
        AssertPixels([.. Enumerable.Range(0, Height).SelectMany(_ => row).Select(pixel => (ushort)pixel)], 8, false, Read(Bmp(1, oneBit, [0, 0xFFFFFF])));
        byte[] fourBits = [.. Enumerable.Range(0, Height).SelectMany(_ => (byte[])[0x01, 0x23, 0x21, 0x0F])];
        uint[] palette = [0, 0x808080, 0xFF0000, 0x0000FF];
        int[] mixed = [0, 128, 76, 29, 76, 128, 0];
        AssertPixels([.. Enumerable.Range(0, Height).SelectMany(_ => mixed).Select(pixel => (ushort)pixel)], 8, true, Read(Bmp(4, fourBits, palette)));
    }

    [Fact]
    public void Content_decides_and_names_do_not_matter()
    {
        using var image = Grey(16);
        foreach (var name in (string[])["text.txt", "乳房 [512-512-1024]x2.png", "Ä ö[n=2].tif", "маммография.jpg", "noextension", "a'b\"c$(x).bmp"])
            AssertPixels(Pixels(16), 16, false, Read(image.PngsaveBuffer(), name));
    }

    [Fact]
    public void One_pixel_is_an_image()
    {
        AssertOne(Png(1, 1, 8, 0, [0, 200]), 200, 8);
        AssertOne(Png(1, 1, 16, 0, [0, 1, 2]), 258, 16);
        AssertOne(Pnm("P5 1 1 255\n", false, 255, [7]), 7, 8);
        AssertOne(Pnm("P2 1 1 255\n", true, 255, [7])[..^1], 7, 8);
    }

    [Fact]
    public void A_size_is_read_without_the_pixels()
    {
        var random = new Random(7);
        var pixels = new byte[3000 * 2000];
        random.NextBytes(pixels);
        using var image = Image.NewFromMemory(pixels, 2000, 3000, 1, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Bw);
        var longComment = "P5\n#" + new string('x', 100_000) + "\n";
        byte[][] files =
        [
            image.PngsaveBuffer(compression: 1), image.JpegsaveBuffer(), [.. "P5 2000 3000 255\n"u8, .. pixels],
            image.WebpsaveBuffer(effort: 0), image.TiffsaveBuffer(), [.. System.Text.Encoding.ASCII.GetBytes(longComment), .. "2000 3000 255\n"u8, .. pixels],
        ];
        var path = Path.Combine(Shared.NewFolder(), "film [n=2].png");
        foreach (var (file, i) in files.Select((file, i) => (file, i)))
        {
            // What is behind the header is not looked at, but WebP and TIFF have theirs in several places.
            if (i < 3)
                file.AsSpan(8192).Clear();
            File.WriteAllBytes(path, file);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(new ImageSize(3000, 2000), ImageReader.Size(path));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, i < 5 ? 100_000 : 7_000_000);
        }

        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<MammoException>(() => ImageReader.Size(path + "x")).ErrorId);
        Assert.Equal(ErrorIds.ImageTooLarge, Assert.Throws<MammoException>(() => ImageReader.Size(path, 2000 * 3000 - 1)).ErrorId);
    }

    [Fact]
    public async Task Many_threads_may_read()
    {
        using var image = Grey(16);
        var path = Path.Combine(Shared.NewFolder(), "image.png");
        await File.WriteAllBytesAsync(path, image.PngsaveBuffer(), TestContext.Current.CancellationToken);
        var broken = path + ".broken.png";
        await File.WriteAllBytesAsync(broken, image.PngsaveBuffer()[..60], TestContext.Current.CancellationToken);
        await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, (i, _) =>
        {
            if (i % 5 == 0)
                Assert.Equal(ErrorIds.ImageUnreadable, Assert.Throws<MammoException>(() => ImageReader.Read(broken)).ErrorId);
            else
                Assert.Equal(Pixels(16), ImageReader.Read(path).Pixels);
            return ValueTask.CompletedTask;
        });
    }

    private static void AssertOne(byte[] content, int pixel, int bitDepth)
    {
        var image = Read(content);
        Assert.Equal((new ImageSize(1, 1), bitDepth, pixel), (image.Size, image.BitDepth, image.Pixels[0]));
    }

    private static void AssertPixels(ushort[] expected, int bitDepth, bool wasColour, GreyImage actual)
    {
        Assert.Equal(new ImageSize(Height, Width), actual.Size);
        Assert.Equal(bitDepth, actual.BitDepth);
        Assert.Equal(wasColour, actual.WasColour);
        Assert.Equal(expected, actual.Pixels);
    }
}
