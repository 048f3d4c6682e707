using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Segmentation;

namespace Mammo.Tests.Data.Segmentation;

public sealed class BreastFinderTests
{
    private static readonly string Folder = Shared.Data("oracle", "image", "segment");

    public static TheoryData<string> Names => [
        .. Directory.GetFiles(Folder, "*_input.png").Select(path => Path.GetFileName(path).Replace("_input.png", string.Empty, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    /// <summary>The masks of the original with a threshold of 15%, which is right for all of these; with its own 5% it takes in the background of d.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_breast_is_found_in_the_image_and_in_its_negative(string name)
    {
        var image = TestImage.Read(Folder, name + "_input.png");
        var expected = TestImage.ReadMask(Folder, name + "_mask_0p15.png");
        var region = BreastFinder.Find(image);
        Assert.InRange(Dice(expected, region.Mask), 0.97, 1);
        Assert.Equal(region.Mask.Box(), region.Box);
        Assert.False(region.LooksInverted);
        Assert.Equal(name.Contains("right", StringComparison.Ordinal), ChestWall.IsAtRight(region));

        var negative = Negative(image);
        var inNegative = BreastFinder.Find(negative);
        Assert.True(inNegative.LooksInverted);
        Assert.InRange(Dice(expected, inNegative.Mask), 0.97, 1);
        Assert.Equal(negative.Pixels.Max(), inNegative.Blank(negative).Pixels[Array.IndexOf(inNegative.Mask.Pixels, false)]);
    }

    /// <summary>Breasts that fill their film: made smaller, their texture is no longer above that of the air.</summary>
    [Fact]
    public void A_negative_is_recognised_by_the_image_as_it_is_stored()
    {
        AssertNegative("mdb151.png", false);
        AssertNegative("mdb152.png", false);
        AssertNegative("mdb001.png", true);
    }

    private static void AssertNegative(string name, bool isNegative)
    {
        var film = ImageReader.Read(Path.Combine(Shared.File("data", "mini-mias"), "png512", name));
        film = isNegative ? Negative(film) : film;
        foreach (var side in new[] { 256, 320, 384, 448, 640, 768 })
            Assert.Equal(isNegative, BreastFinder.Find(CubicResize.Apply(film, new ImageSize(side, side)), film).LooksInverted);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Bright_noisy_background_padding_and_film_edges_do_not_matter(string name)
    {
        var image = TestImage.Read(Folder, name + "_input.png");
        var expected = Framing.AddMargin(TestImage.ReadMask(Folder, name + "_mask_0p15.png"), 20);
        var random = new Random(1);
        double scale = 45000.0 / image.Pixels.Max();
        var foggy = image.Pixels.Select((value, i) => (ushort)(value * scale + 9000 + i % image.Width * 3 + random.Next(1200))).ToArray();
        for (var y = 0; y < image.Height; y++)
            foggy.AsSpan(y * image.Width, 3).Fill(ushort.MaxValue);
        var padded = Framing.AddMargin(new GreyImage(image.Height, image.Width, 16, foggy), 20);
        Assert.InRange(Dice(expected, BreastFinder.Find(padded).Mask), 0.95, 1);
    }

    [Fact]
    public void Large_images_are_handled_at_a_smaller_size_with_the_same_result()
    {
        var image = TestImage.Read(Folder, "b_16bit_right_label_input.png");
        var large = CubicResize.Apply(image, new ImageSize(image.Height * 5, image.Width * 5));
        PixelBox box = BreastFinder.Find(image).Box, largeBox = BreastFinder.Find(large).Box;
        Assert.InRange(largeBox.X, box.X * 5 - 15, box.X * 5 + 15);
        Assert.InRange(largeBox.Bottom, box.Bottom * 5 - 15, box.Bottom * 5 + 15);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(700)]
    public void An_image_of_one_grey_is_an_error(ushort grey)
    {
        var flat = new GreyImage(40, 30, 16, [.. Enumerable.Repeat(grey, 1200)]);
        Assert.Equal(ErrorIds.BreastNotFound, Assert.Throws<MammoException>(() => BreastFinder.Find(flat)).ErrorId);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 50)]
    [InlineData(3, 2)]
    public void Tiny_images_end_in_a_region_or_an_error_of_ours(int height, int width)
    {
        var image = new GreyImage(height, width, 8, [.. Enumerable.Range(0, height * width).Select(i => (ushort)(i % 7 * 30))]);
        try
        {
            Assert.InRange(BreastFinder.Find(image).Mask.Count, 1, height * width);
        }
        catch (MammoException failure)
        {
            Assert.Equal(ErrorIds.BreastNotFound, failure.ErrorId);
        }
    }

    /// <summary>
    /// Real films. Two of the 322, mdb151 and mdb152, are filled by the breast from side to side: there the side of the chest wall is a guess,
    /// and their negatives are not told.
    /// </summary>
    [Fact]
    public void All_films_of_mini_MIAS_are_segmented()
    {
        var root = Shared.File("data", "mini-mias");
        string[][] rows = [.. File.ReadAllLines(Path.Combine(root, "mini-mias.csv")).Skip(1).Select(line => line.Split(','))];
        int sides = 0, negatives = 0, centres = 0, films = 0;
        Parallel.ForEach(rows.GroupBy(row => row[0]), film =>
        {
            var image = ImageReader.Read(Path.Combine(root, film.Key));
            var region = BreastFinder.Find(image);
            Assert.False(region.LooksInverted, film.Key);
            Interlocked.Increment(ref films);
            if (ChestWall.IsAtRight(region) == (film.First()[4] == "right"))
                Interlocked.Increment(ref sides);
            // Every fifth film, mdb152 among them: the whole takes long.
            if (int.Parse(film.Key[^5..^4], System.Globalization.CultureInfo.InvariantCulture) is 2 or 6 && BreastFinder.Find(Negative(image)).LooksInverted)
                Interlocked.Increment(ref negatives);
            foreach (var row in film.Where(row => row[12] == "1"))
            {
                var (x, y) = ((int)double.Parse(row[9], System.Globalization.CultureInfo.InvariantCulture), (int)double.Parse(
                    row[10], System.Globalization.CultureInfo.InvariantCulture));
                if (region.Mask.Pixels[y * image.Width + x])
                    Interlocked.Increment(ref centres);
            }
        });
        Assert.Equal(322, films);
        Assert.InRange(sides, 320, 322);
        Assert.InRange(negatives, 64, 65);
        Assert.InRange(centres, 117, 119);
    }

    private static GreyImage Negative(GreyImage image) =>
        new(image.Height, image.Width, image.BitDepth, Array.ConvertAll(image.Pixels, value => (ushort)(image.HighestValue - value)));

    private static double Dice(Mask expected, Mask found) =>
        2.0 * expected.Pixels.Zip(found.Pixels).Count(pair => pair.First && pair.Second) / (expected.Count + found.Count);
}
