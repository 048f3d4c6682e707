using Mammo.Data.Augmentation;
using Mammo.Data.Datasets;
using Mammo.Data.Examination;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Loading;
using Mammo.Data.Numerics;
using Mammo.Data.Patches;
using Mammo.Data.Preparations;
using Mammo.Data.Rois;
using Mammo.Data.Segmentation;
using Mammo.Data.Sweeps;
using Mammo.Tests.Data.Patches;
using Mammo.Torch.Training;
using Mammo.Torch.Training.Batches;

namespace Mammo.Tests.Data.Preparations;

/// <summary>The plane before local contrast, and the two of them on their way to a network.</summary>
public sealed class ZScoreTests
{
    private const double Sigma = 6;
    private static readonly ImageSize Size = new(160, 128);
    private static readonly string Film = Path.Combine(Shared.Repository, "examples", "data", "Calc-Test_P_00127_RIGHT_CC.png");
    private static readonly Preparation Both = new() { Size = Size, LocalContrast = Sigma, ZScore = true, RescaleFactor = 1 };

    [Fact]
    public void Is_the_distance_from_the_breasts_mean_in_the_breasts_deviations()
    {
        var stored = ImageReader.Read(Film);
        var image = CubicResize.Apply(stored, Size);
        var breast = BreastFinder.Find(image, stored).Mask;
        double[] inside = [.. image.Pixels.Where((_, at) => breast.Pixels[at]).Select(pixel => (double)pixel)];
        var mean = inside.Average();
        var deviation = Math.Sqrt(inside.Average(pixel => (pixel - mean) * (pixel - mean)));
        var expected = image.Pixels.Select((pixel, at) =>
            breast.Pixels[at] ? (ushort)Math.Clamp(Math.Round(128 + (40 * (pixel - mean) / deviation)), 0, 255) : (ushort)0);

        var both = LocalContrast.Apply(image, Sigma, stored, zScore: true);
        Assert.Equal(expected, both.ZScore!.Pixels);
        Assert.Equal((8, 8, Sigma, (double?)null), (both.BitDepth, both.ZScore.BitDepth, both.LocalContrast, both.ZScore.LocalContrast));
        Assert.Equal(LocalContrast.Apply(image, Sigma, stored).Pixels, both.Pixels);
        Assert.Null(LocalContrast.Apply(image, Sigma, stored).ZScore);
        Assert.All(
            LocalContrast.Apply(new GreyImage(40, 30, 8, [.. Enumerable.Repeat((ushort)90, 1200)]), Sigma, zScore: true).ZScore!.Pixels,
            value => Assert.Equal(0, value));
    }

    [Fact]
    public void Each_plane_is_prepared_by_itself()
    {
        var stored = ImageReader.Read(Film);
        var pixels = Both.Pixels(stored);
        foreach (var plain in new[]
        {
            new Preparation { RescaleFactor = 0.5, FeaturewiseMean = 30 },
            new Preparation { TargetScale = 200, EqualizeHistogram = true },
            new Preparation { AutoLevel = true, FeaturewiseMean = new FeaturewiseMean(1, 2) },
        })
        {
            var found = (plain with { Size = Size, LocalContrast = Sigma, ZScore = true, AutoLevel = false }).Apply(stored);
            var (first, second) = ((plain with { AutoLevel = false }).Apply(pixels.ZScore!), (plain with { AutoLevel = false }).Apply(pixels));
            Assert.Equal(2, found.Plane.Count);
            Assert.Equal([first.Plane.Values, second.Plane.Values], found.Plane.Split());
            Assert.Equal((first.ScaledMean + second.ScaledMean) / 2, found.ScaledMean, 1e-9);
            Assert.Equal(Math.Max(first.ScaledMaximum, second.ScaledMaximum), found.ScaledMaximum);
        }

        // Of a patch that holds both, auto-level is each plane's own too.
        var level = Both with { AutoLevel = true, Size = null };
        var patch = Framing.Crop(pixels, new PixelBox(20, 60, 40, 40));
        Assert.Equal([AutoLevel.Apply(patch.ZScore!).Pixels.Select(Value), AutoLevel.Apply(patch).Pixels.Select(Value)], level.Apply(patch).Plane.Split());

        static float Value(ushort pixel) => pixel;
    }

    [Fact]
    public void A_film_is_prepared_alike_from_file_memory_and_cache()
    {
        var expected = Both.Apply(ImageReader.Read(Film)).Plane.Values;
        var one = (Both with { ZScore = false }).Apply(ImageReader.Read(Film)).Plane.Values;
        Assert.Equal(one, expected[one.Length..]);
        var folder = Shared.NewFolder();
        foreach (var (inMemory, cache) in new[] { (true, null), (false, folder), (true, folder) })
        {
            var store = new PixelStore(Both, inMemory, cache);
            Assert.Equal(expected, store.Read(Film).Plane.Values);
            Assert.Equal(expected, store.Read(Film).Plane.Values);
            Assert.Equal(one, new PixelStore(Both with { ZScore = false }, inMemory, cache).Read(Film).Plane.Values);
        }

        Assert.Equal(2, Directory.GetFiles(folder).Length);
    }

    [Fact]
    public void Both_planes_are_in_one_file_and_who_wants_one_is_given_local_contrast()
    {
        var folder = Shared.NewFolder();
        string both = Path.Combine(folder, "both.png"), alone = Path.Combine(folder, "alone.png"), odd = Path.Combine(folder, "odd.png");
        var pixels = Both.Pixels(ImageReader.Read(Film));
        PngWriter.Write(both, pixels);
        PngWriter.Write(alone, pixels.OnePlane());
        var read = ImageReader.Read(both);
        Assert.Equal((Size, Size, Sigma), (read.Size, ImageReader.Size(both), read.LocalContrast));
        ImageInfo[] infos = [ImageReader.ReadInfo(both), ImageReader.ReadInfo(alone)];
        Assert.Equal([(Size, 2), (Size, 1)], infos.Select(info => (new ImageSize(info.Height!.Value, info.Width!.Value), info.Planes)));
        Assert.Equal([pixels.Pixels, pixels.ZScore!.Pixels], new[] { read.Pixels, read.ZScore!.Pixels });

        // The same planes again, also at another size, and after the film's contrast.
        Assert.Equal(Both.Apply(ImageReader.Read(Film)).Plane.Values, Both.Apply(read).Plane.Values);
        var half = Both with { Size = new ImageSize(80, 64) };
        Assert.Equal([Small(pixels.ZScore), Small(pixels)], half.Apply(read).Plane.Split());
        foreach (var one in new[] { Both with { ZScore = false }, Both with { ZScore = false, LocalContrast = null } })
        {
            Assert.Equal(one.Apply(ImageReader.Read(alone)).Plane.Values, one.Apply(read).Plane.Values);
            Assert.Equal(one.Apply(read).Plane.Values, new PixelStore(one, true, null).Read(both).Plane.Values);
        }

        foreach (var store in new[] { new PixelStore(Both, false, null), new PixelStore(Both, true, null), new PixelStore(Both, false, folder) })
            Assert.Equal(ErrorIds.LocalContrastDiffers, Assert.Throws<MammoException>(() => store.Read(alone)).ErrorId);
        Assert.Equal(ErrorIds.LocalContrastDiffers, Assert.Throws<MammoException>(() => new PatchFrame(read, Patches(true))).ErrorId);

        // A row fewer than both planes have: what is cut from a file by another program keeps the text.
        PngWriter.Write(odd, new GreyImage(1, 3, 8, [1, 2, 3]).With([1, 2, 3], localContrast: Sigma, zScore: new GreyImage(2, 3, 8, new ushort[6])));
        Assert.Contains("two planes", Assert.Throws<MammoException>(() => ImageReader.Read(odd)).Message, StringComparison.Ordinal);

        static IEnumerable<float> Small(GreyImage plane) => CubicResize.Apply(plane.OnePlane(), new ImageSize(80, 64)).Pixels.Select(pixel => (float)pixel);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Patches_from_files_are_the_planes_of_the_film(bool segmented)
    {
        var root = Shared.NewFolder();
        var film = Path.Combine(root, "film.png");
        PngWriter.Write(film, DefaultSamplerTests.Breast(5));
        var dataset = new MammoDataset("test", ["neg", "pos"], [new MammoImage(film) { Rois = [new Roi(new RoiCircle(60, 90, 15)) { Pathology = "BENIGN" }] }]);
        var options = Patches(true) with { SegmentBreast = segmented };
        string one = Path.Combine(root, "one"), two = Path.Combine(root, "two");
        var record = Assert.Single(new PatchSetWriter(two, options).Write(dataset));
        Assert.Null(record.Error);
        Assert.Single(new PatchSetWriter(one, options with { ZScore = false }).Write(dataset));
        Assert.Equal(File.ReadAllLines(Path.Combine(one, "patches.csv")), File.ReadAllLines(Path.Combine(two, "patches.csv")));

        var whole = new Preparation { Size = options.Size, LocalContrast = Sigma, ZScore = true }.Pixels(ImageReader.Read(film));
        var files = ClassFolders.Read(two).Images.Select(image => Path.GetRelativePath(two, image.Path)).ToArray();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var patch = ImageReader.Read(Path.Combine(two, file));
            Assert.Equal(ImageReader.Read(Path.Combine(one, file)).Pixels, patch.Pixels);
            Assert.Equal((24, 24, 24, 24), (patch.Height, patch.Width, patch.ZScore!.Height, patch.ZScore.Width));
        }

        // Where they were cut, as FilmPatches cuts them of a whole film.
        var cut = new FilmPatches(ImageReader.Read(film), Both with { Size = options.Size }, 24);
        foreach (var (file, x, y) in Rows(Path.Combine(two, "patches.csv")))
        {
            var (patch, expected) = (ImageReader.Read(Path.Combine(two, file)), cut.Cut(new PixelPoint(x, y)));
            if (!segmented)
                Assert.Equal([expected.Pixels, expected.ZScore!.Pixels], new[] { patch.Pixels, patch.ZScore!.Pixels });
            for (var i = 0; i < 24 * 24; i++)
            {
                var (row, column) = (y - 12 + (i / 24), x - 12 + (i % 24));
                if (patch.ZScore!.Pixels[i] != 0)
                    Assert.Equal(whole.ZScore!.Pixels[(row * whole.Width) + column], patch.ZScore.Pixels[i]);
            }
        }
    }

    [Fact]
    public void Patches_of_a_sweep_have_both_planes()
    {
        var film = DefaultSamplerTests.Breast(5);
        var (frame, one) = (SweepFrame.Of(film, null, 32, 16, Sigma, zScore: true), SweepFrame.Of(film, null, 32, 16, Sigma));
        var whole = (Both with { Size = null }).Pixels(film);
        var preparation = new SweepPreparation { RescaleFactor = 0.5, FeaturewiseMean = 7 };
        for (var row = 0; row < frame.Geometry.Rows; row++)
        {
            var (patch, places) = (frame.Cut(row, 1), frame.Places);
            var (top, left) = ((int)(places.Top + (row * places.RowStride)), (int)(places.Left + places.ColumnStride));
            Assert.Equal(one.Cut(row, 1).Pixels, patch.Pixels);
            Assert.Null(one.Cut(row, 1).ZScore);
            Assert.Equal([preparation.Apply(patch.ZScore!).Values, preparation.Apply(patch.OnePlane()).Values], preparation.Apply(patch).Split());
            for (var i = 0; i < 32 * 32; i++)
            {
                if (patch.ZScore!.Pixels[i] != 0)
                    Assert.Equal(whole.ZScore!.Pixels[((top + (i / 32)) * whole.Width) + left + (i % 32)], patch.ZScore.Pixels[i]);
            }
        }
    }

    [Fact]
    public void Flips_move_both_planes_alike()
    {
        var plane = new Plane(2, 3, [1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60]);
        Assert.Equal([3f, 2, 1, 6, 5, 4, 30, 20, 10, 60, 50, 40], plane.Flip(true, false).Values);
        Assert.Equal([4f, 5, 6, 1, 2, 3, 40, 50, 60, 10, 20, 30], plane.Flip(false, true).Values);
        Assert.Equal([6f, 5, 4, 3, 2, 1, 60, 50, 40, 30, 20, 10], plane.Flip(true, true).Values);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Random_transforms_and_means_are_those_of_each_plane(bool smooth)
    {
        var ranges = AugmentationOptions.Original with { Smooth = smooth, Fill = AugmentationFill.Reflect };
        var set = new MammoDataset("films", ["neg", "pos"], [new MammoImage(Film) { Label = 0, Class = "neg" }]);
        var options = new TrainingOptions { Seed = 3 };
        var both = Sample(Both with { FeaturewiseMean = new FeaturewiseMean(20, 30) });
        Assert.Equal(2, both.Length);
        var draw = new BatchPlanner(1, options.TrainBatchSize, 3, options.Compatibility) { Augmentation = ranges, Size = Size, Channels = 2 }.Plan(0).Draws[0];
        var planes = Both.Apply(ImageReader.Read(Film)).Plane.Split();
        Assert.Equal(
            Augmenter.Apply(planes, Size, draw, ranges).Zip(new[] { 20f, 30f }, (values, mean) => values.Select(value => value - mean)),
            both);

        // But for the shift of the greys, whose limits are those of all channels, as in Keras.
        var still = draw with { ChannelShifts = [] };
        Assert.Equal([.. planes.Select(plane => Augmenter.Apply([plane], Size, still, ranges)[0])], Augmenter.Apply(planes, Size, still, ranges));

        float[][] Sample(Preparation preparation)
        {
            var data = new TrainingData(set, set, preparation) { Augmentation = ranges, WorkerCount = 1 };
            return new ImageBatchSource(data, isTraining: true, 2, options).Batches(0, 1, TestContext.Current.CancellationToken).Single().Samples[0].Channels;
        }
    }

    [Fact]
    public void The_mean_of_two_planes_is_one_number_or_one_each()
    {
        var planes = Both.Apply(ImageReader.Read(Film)).Plane.Split();
        var estimate = FeaturewiseMeanEstimate.Measure([Film, Film], Both);
        Assert.Equal(planes[0].Average(value => (double)value), estimate.ChannelMean!.Value.Values[0], 1e-9);
        Assert.Equal(planes[1].Average(value => (double)value), estimate.ChannelMean.Value.Values[1], 1e-9);
        Assert.Equal(estimate.ChannelMean.Value.Average, estimate.Mean, 1e-9);
        Assert.Null(FeaturewiseMeanEstimate.Measure([Film], Both with { ZScore = false }).ChannelMean);
    }

    private static PatchSetOptions Patches(bool zScore) => new()
    {
        PatchSize = 24,
        Size = Size,
        Abnormality = 4,
        Background = 6,
        HardNegative = 2,
        LocalContrast = Sigma,
        ZScore = zScore,
    };

    private static IEnumerable<(string File, int X, int Y)> Rows(string table)
    {
        var lines = File.ReadAllLines(table).Select(line => line.Split(',')).ToArray();
        var (path, x, y) = (Array.IndexOf(lines[0], "path"), Array.IndexOf(lines[0], "x"), Array.IndexOf(lines[0], "y"));
        return lines.Skip(1).Select(line => (line[path], int.Parse(line[x], Invariant), int.Parse(line[y], Invariant)));
    }

    private static readonly IFormatProvider Invariant = System.Globalization.CultureInfo.InvariantCulture;
}
