using Mammo.Data.Images;
using Mammo.Data.Preparations;

namespace Mammo.Data.Examination;

/// <summary>The mean of all pixels of a set of images after preparation: what the original subtracts as the feature-wise mean.</summary>
public sealed record FeaturewiseMeanEstimate
{
    /// <summary>Mean over all pixels of all images, each pixel counting once.</summary>
    public required double Mean { get; init; }

    /// <summary>Mean of each plane, z-score and local contrast, where images are two planes: one for each channel of the network. Otherwise null.</summary>
    public FeaturewiseMean? ChannelMean { get; init; }

    /// <summary>Images that count.</summary>
    public required int Count { get; init; }

    /// <summary>Pixels that count.</summary>
    public required long PixelCount { get; init; }

    /// <summary>Lowest mean of a single image.</summary>
    public required double LowestImageMean { get; init; }

    /// <summary>Highest mean of a single image.</summary>
    public required double HighestImageMean { get; init; }

    /// <summary>Standard deviation of the single images' means (of the whole set, divided by the number of images).</summary>
    public required double ImageMeanDeviation { get; init; }

    /// <summary>Highest value after scaling in any image; near 255 when the rescale factor fits.</summary>
    public required double ScaledMaximum { get; init; }

    /// <summary>
    /// Reads every image once. The result is the same to the last bit whatever the number of workers: each image is summed in double by itself and
    /// the sums are added in the order of the paths. Memory does not grow with the number of images.
    /// </summary>
    /// <param name="paths">Image files, mostly those of the train set.</param>
    /// <param name="preparation">Size, factors and equalisation as in training; a mean that it names is not subtracted.</param>
    /// <param name="options">Progress, failures, cancellation.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.DatasetInvalid"/>: no image could be used; or the error of an image.</exception>
    public static FeaturewiseMeanEstimate Measure(IEnumerable<string> paths, Preparation preparation, ScanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(preparation);
        var withoutMean = preparation with { FeaturewiseMean = null };
        var means = new RunningMoments();
        var (sum, pixels, highest) = (0.0, 0L, double.NegativeInfinity);
        var sums = new double[2];
        foreach (var facts in ImageScan.Run(paths, image => Facts(withoutMean.Apply(image)), options))
        {
            means.Add(facts.Mean);
            sum += facts.Mean * facts.Pixels;
            pixels += facts.Pixels;
            highest = Math.Max(highest, facts.Maximum);
            for (var plane = 0; plane < facts.Sums.Length; plane++)
                sums[plane] += facts.Sums[plane];
        }

        if (means.Count == 0)
            throw new MammoException(ErrorIds.DatasetInvalid, "There is no image to take a mean of.");
        return new FeaturewiseMeanEstimate
        {
            Mean = sum / pixels,
            ChannelMean = preparation.ZScore ? new FeaturewiseMean([.. sums.Select(each => each * sums.Length / pixels)]) : null,
            Count = means.Count,
            PixelCount = pixels,
            LowestImageMean = means.Minimum,
            HighestImageMean = means.Maximum,
            ImageMeanDeviation = means.Deviation,
            ScaledMaximum = highest,
        };
    }

    private static (double Mean, int Pixels, double Maximum, double[] Sums) Facts(PreparedImage image) =>
        (image.ScaledMean, image.Plane.Values.Length, image.ScaledMaximum,
            image.Plane.Count == 1 ? [] : Array.ConvertAll(image.Plane.Split(), values => values.Sum(value => (double)value)));
}
