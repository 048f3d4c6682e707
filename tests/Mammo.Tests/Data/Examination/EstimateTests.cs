using Mammo.Data.Examination;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;

namespace Mammo.Tests.Data.Examination;

public sealed class EstimateTests
{
    private static readonly string[] OracleImages = [.. Directory.GetFiles(Shared.Data("oracle", "images"), "*.png").Order(StringComparer.Ordinal)];

    [Fact]
    public void Eight_bit_images_need_no_factor()
    {
        var estimate = RescaleFactorEstimate.Measure(Files((255, [0, 255]), (255, [3, 250])));
        Assert.Equal(
            (1.0, 2, 0, 255, 250, false), (estimate.Factor, estimate.Count, estimate.Minimum, estimate.Maximum, estimate.LowestImageMaximum, estimate.IsMixed));
        Assert.Equal(2, estimate.CountByBitDepth["8"]);
        Assert.Empty(estimate.Warnings);
    }

    [Theory]
    [InlineData(65535, 65535)]
    [InlineData(16384, 65535)]
    [InlineData(16383, 16383)]
    [InlineData(4095, 4095)]
    [InlineData(4000, 4095)]
    [InlineData(1023, 1023)]
    [InlineData(255, 255)]
    public void Sixteen_bit_images_are_judged_by_the_bits_they_use(int highest, int full)
    {
        var estimate = RescaleFactorEstimate.Measure(Files((65535, [0, highest])));
        Assert.Equal(255.0 / full, estimate.Factor, 15);
        Assert.Equal(full != 65535, estimate.Warnings.Any(warning => warning.Message.Contains($"255/{full} instead of 255/65535", StringComparison.Ordinal)));
        Assert.Equal(highest == 16384, estimate.Warnings.Any(warning => warning.Message.Contains("becomes only 64 of 255", StringComparison.Ordinal)));
    }

    [Fact]
    public void Mixed_bit_depths_are_told()
    {
        var estimate = RescaleFactorEstimate.Measure(Files((65535, [0, 65535]), (255, [0, 255]), (65535, [9, 60000])));
        Assert.True(estimate.IsMixed);
        Assert.Equal(255.0 / 65535, estimate.Factor);
        Assert.Contains("8 bits: 1, 16 bits: 2", estimate.Warnings[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dark_image_among_bright_ones_is_told()
    {
        var estimate = RescaleFactorEstimate.Measure(Files((65535, [0, 65535]), (65535, [0, 12000])));
        Assert.Contains("reaches only 47 of 255", Assert.Single(estimate.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_read_the_same_in_every_culture() => Culture.German(() =>
        Assert.Contains(
            "255/4095 instead", Assert.Single(RescaleFactorEstimate.Measure(Files((65535, [0, 4095]))).Warnings).Message, StringComparison.Ordinal));

    [Fact]
    public void Mean_is_exact_and_the_same_with_any_number_of_workers()
    {
        var preparation = new Preparation { Size = new ImageSize(96, 80), RescaleFactor = 255 / 65535.0, FeaturewiseMean = 99 };
        var estimates = Enumerable.Range(1, 5)
            .Select(workers => FeaturewiseMeanEstimate.Measure(OracleImages, preparation, new ScanOptions { Workers = workers })).ToArray();
        Assert.Single(estimates.Distinct());

        var planes = OracleImages.Select(path => (preparation with { FeaturewiseMean = null }).Apply(ImageReader.Read(path)).Plane.Values).ToArray();
        var means = planes.Select(values => values.Average(value => (double)value)).ToArray();
        var estimate = estimates[0];
        Assert.Equal(planes.SelectMany(values => values).Average(value => (double)value), estimate.Mean, 1e-9);
        Assert.Equal((OracleImages.Length, 96L * 80 * OracleImages.Length), (estimate.Count, estimate.PixelCount));
        Assert.Equal((means.Min(), means.Max()), (estimate.LowestImageMean, estimate.HighestImageMean));
        Assert.Equal(Math.Sqrt(means.Average(mean => Math.Pow(mean - means.Average(), 2))), estimate.ImageMeanDeviation, 1e-9);
        Assert.Equal(planes.Max(values => values.Max()), estimate.ScaledMaximum);
    }

    [Fact]
    public void Pixels_count_and_not_images()
    {
        var estimate = FeaturewiseMeanEstimate.Measure(Files((255, [10, 10, 10]), (255, [50])), new Preparation());
        Assert.Equal(
            (20.0, 4L, 10.0, 50.0, 20.0),
            (estimate.Mean, estimate.PixelCount, estimate.LowestImageMean, estimate.HighestImageMean, estimate.ImageMeanDeviation));
    }

    [Fact]
    public void Failures_are_told_and_left_out_or_end_the_run()
    {
        var files = Files((255, [10]), (255, [30])).ToList();
        files.Insert(1, "/no/such.png");
        var failed = new List<string>();
        var done = new List<int>();
        var estimate = FeaturewiseMeanEstimate.Measure(
            files, new Preparation(), new ScanOptions { Failed = (path, error) => failed.Add(path + " " + error.ErrorId), Progress = done.Add });
        Assert.Equal(20, estimate.Mean);
        Assert.Equal(["/no/such.png " + ErrorIds.FileNotFound], failed);
        Assert.Equal([1, 2, 3], done);
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<MammoException>(() => FeaturewiseMeanEstimate.Measure(files, new Preparation())).ErrorId);
        Assert.Equal(ErrorIds.DatasetInvalid, Assert.Throws<MammoException>(() => RescaleFactorEstimate.Measure([])).ErrorId);
        Assert.Equal(ErrorIds.DatasetInvalid, Assert.Throws<MammoException>(() => FeaturewiseMeanEstimate.Measure([], new Preparation())).ErrorId);
    }

    [Fact]
    public void Cancelling_ends_the_run()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var endless = Enumerable.Range(0, int.MaxValue).Select(i => OracleImages[i % OracleImages.Length]);
        var seen = 0;
        var options = new ScanOptions
        {
            CancellationToken = cancel.Token,
            Progress = done =>
            {
                seen = done;
                if (done == 20)
                    cancel.Cancel();
            },
        };
        Assert.ThrowsAny<OperationCanceledException>(() => RescaleFactorEstimate.Measure(endless, options));
        Assert.Equal(20, seen);
    }

    private static string[] Files(params (int Highest, int[] Pixels)[] images)
    {
        var folder = Shared.NewFolder();
        return [.. images.Select((image, i) =>
        {
            var path = Path.Combine(folder, $"{i}.pgm");
            File.WriteAllBytes(
                path, TestImages.Pnm($"P5 {image.Pixels.Length} 1 {image.Highest}\n", false, image.Highest, [.. image.Pixels.Select(pixel => (ushort)pixel)]));
            return path;
        })];
    }
}
