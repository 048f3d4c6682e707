using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Loading;
using Mammo.Data.Preparations;
using Mammo.Data.Segmentation;

namespace Mammo.Tests.Data.Preparations;

public sealed class LocalContrastTests
{
    private const double Sigma = 8;

    /// <summary>Small, and of 8 bits, as films of mini-MIAS are.</summary>
    private static GreyImage Film { get; } = Small("Calc-Test_P_00041_LEFT_MLO.png");

    /// <summary>The definition pixel by pixel with the Gaussian itself, in place of the boxes.</summary>
    [Fact]
    public void Values_are_distances_from_the_local_mean_in_local_deviations()
    {
        var breast = BreastFinder.Find(Film).Mask;
        var contrast = LocalContrast.Apply(Film, Sigma);
        Assert.Equal((8, Sigma), (contrast.BitDepth, contrast.LocalContrast));
        Assert.All(breast.Pixels.Zip(contrast.Pixels), pair => Assert.True(pair.First || pair.Second == 0));

        var inside = Film.Pixels.Where((_, at) => breast.Pixels[at]).Select(pixel => (double)pixel).ToArray();
        var mean = inside.Average();
        var deviation = Math.Sqrt(inside.Average(pixel => (pixel - mean) * (pixel - mean)));
        var random = new Random(1);
        var places = Enumerable.Range(0, 4000).Select(_ => random.Next(breast.Pixels.Length)).Where(at => breast.Pixels[at]).Take(400);
        Assert.All(places, at => Assert.Equal(Exact(Film, breast, at, mean, deviation), (double)contrast.Pixels[at], 6.0));
    }

    [Fact]
    public void Gain_offset_and_bit_depth_make_no_difference()
    {
        var expected = LocalContrast.Apply(Film, Sigma).Pixels;
        foreach (var (gain, offset) in new[] { (257, 0), (16, 0), (100, 3000) })
        {
            var other = new GreyImage(Film.Height, Film.Width, 16, Array.ConvertAll(Film.Pixels, pixel => (ushort)((pixel * gain) + offset)));
            var found = LocalContrast.Apply(other, Sigma);
            Assert.Equal(8, found.BitDepth);
            Assert.All(expected.Zip(found.Pixels), pair => Assert.InRange(pair.Second, pair.First - 1, pair.First + 1));
        }
    }

    [Fact]
    public void A_film_of_one_grey_and_a_breast_of_one_grey_have_no_contrast()
    {
        Assert.All(LocalContrast.Apply(new GreyImage(40, 30, 8, Filled(1200, 90)), Sigma).Pixels, value => Assert.Equal(0, value));
        Assert.All(LocalContrast.Apply(new GreyImage(40, 30, 8, new ushort[1200]), Sigma).Pixels, value => Assert.Equal(0, value));

        // A step of grey from the breast to the film: contrast without the mask, none with it.
        var step = new GreyImage(64, 64, 8, [.. Enumerable.Range(0, 64 * 64).Select(at => (ushort)(at % 64 < 32 ? 150 + (at / 64 % 2) : 10))]);
        var breast = new Mask(64, 64, Array.ConvertAll(step.Pixels, pixel => pixel > 10));
        var masked = LocalContrast.Apply(step, Sigma, breast).Pixels;
        var whole = LocalContrast.Apply(step, Sigma, breast: null).Pixels;
        Assert.All(Enumerable.Range(0, 64 * 64).Where(at => at % 64 >= 32), at => Assert.Equal(0, masked[at]));

        // With the mask rows differ, columns do not: nothing is seen of the edge. Without it the edge is what is seen.
        Assert.Equal(Row(masked, 30, 4), Row(masked, 30, 31));
        Assert.NotInRange(Math.Abs(whole[(30 * 64) + 31] - whole[(30 * 64) + 4]), 0, 10);

        static double Row(ushort[] pixels, int y, int x) => pixels[(y * 64) + x];
    }

    [Fact]
    public void A_film_is_prepared_alike_from_file_memory_and_cache_and_a_cache_is_of_one_contrast()
    {
        var path = Path.Combine(Shared.NewFolder(), "film.png");
        PngWriter.Write(path, Film);
        var preparation = new Preparation { Size = new ImageSize(256, 256), LocalContrast = Sigma, RescaleFactor = 1 };
        var expected = preparation.Apply(ImageReader.Read(path)).Plane.Values;
        Assert.Equal(expected, LocalContrast.Apply(CubicResize.Apply(Film, new ImageSize(256, 256)), Sigma, Film).Pixels.Select(value => (float)value));
        var folder = Shared.NewFolder();
        foreach (var (inMemory, cache) in new[] { (true, null), (false, folder), (false, folder) })
        {
            var store = new PixelStore(preparation, inMemory, cache);
            Assert.Equal(expected, store.Read(path).Plane.Values);
            Assert.Equal(expected, store.Read(path).Plane.Values);
        }

        Assert.NotEqual(expected, new PixelStore(preparation with { LocalContrast = 2 * Sigma }, false, folder).Read(path).Plane.Values);
        Assert.NotEqual(expected, new PixelStore(preparation with { LocalContrast = null }, false, folder).Read(path).Plane.Values);
        Assert.Equal(3, Directory.GetFiles(folder).Length);
    }

    [Fact]
    public void What_holds_local_contrast_stays_as_it_is_also_through_a_file()
    {
        var contrast = LocalContrast.Apply(Film, Sigma);
        var path = Path.Combine(Shared.NewFolder(), "contrast.png");
        PngWriter.Write(path, contrast);
        var read = ImageReader.Read(path);
        Assert.Equal((Sigma, contrast.BitDepth), (read.LocalContrast, read.BitDepth));
        Assert.Equal(contrast.Pixels, read.Pixels);
        Assert.Equal(contrast.Pixels.Select(value => (float)value), new Preparation { LocalContrast = Sigma }.Apply(read).Plane.Values);
        Assert.Null(Film.LocalContrast);
        PngWriter.Write(path, Film);
        Assert.Null(ImageReader.Read(path).LocalContrast);
    }

    /// <summary>Against Gaussians cut at six deviations, in any direction and near the border.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(2.0)]
    [InlineData(5.3)]
    [InlineData(16.0)]
    public void The_blur_has_the_Gaussians_variance_and_nearly_its_shape(double sigma)
    {
        const int side = 256;
        var plane = new double[side * side];
        plane[(128 * side) + 120] = 1;
        new GaussianBlur(sigma).Apply(plane, side, side);
        var (sum, rows, columns) = (0.0, 0.0, 0.0);
        for (var at = 0; at < plane.Length; at++)
        {
            var (y, x) = ((at / side) - 128, (at % side) - 120);
            sum += plane[at];
            rows += plane[at] * y * y;
            columns += plane[at] * x * x;
            var exact = Math.Exp(-((x * x) + (y * y)) / (2 * sigma * sigma)) / (2 * Math.PI * sigma * sigma);
            if (sigma >= 2)
                Assert.Equal(exact, plane[at], 0.12 / (2 * Math.PI * sigma * sigma));
        }

        Assert.Equal(1, sum, 1e-9);
        Assert.Equal(sigma * sigma, rows / sum, 1e-6);
        Assert.Equal(sigma * sigma, columns / sum, 1e-6);
    }

    private static double Exact(GreyImage film, Mask breast, int at, double filmMean, double filmDeviation)
    {
        var (centreY, centreX) = (at / film.Width, at % film.Width);
        const int reach = (int)(6 * Sigma);
        var (weights, sum, squares) = (0.0, 0.0, 0.0);
        for (var y = Math.Max(0, centreY - reach); y <= Math.Min(film.Height - 1, centreY + reach); y++)
        {
            for (var x = Math.Max(0, centreX - reach); x <= Math.Min(film.Width - 1, centreX + reach); x++)
            {
                if (!breast.Pixels[(y * film.Width) + x])
                    continue;
                var weight = Math.Exp(-(((y - centreY) * (y - centreY)) + ((x - centreX) * (x - centreX))) / (2 * Sigma * Sigma));
                var value = (film.Pixels[(y * film.Width) + x] - filmMean) / filmDeviation;
                weights += weight;
                sum += weight * value;
                squares += weight * value * value;
            }
        }

        var mean = sum / weights;
        var deviation = Math.Sqrt((squares / weights) - (mean * mean));
        return Math.Clamp(128 + (40 * (((film.Pixels[at] - filmMean) / filmDeviation) - mean) / (deviation + 0.08)), 0, 255);
    }

    private static GreyImage Small(string name)
    {
        var film = CubicResize.Apply(ImageReader.Read(Path.Combine(Shared.Repository, "examples", "data", name)), new ImageSize(512, 400));
        return new GreyImage(film.Height, film.Width, 8, Array.ConvertAll(film.Pixels, pixel => (ushort)(pixel >> 8)));
    }

    private static ushort[] Filled(int count, ushort value) => [.. Enumerable.Repeat(value, count)];
}
