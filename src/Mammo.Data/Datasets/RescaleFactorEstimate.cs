using Mammo.Data.Images;

namespace Mammo.Data.Datasets;

/// <summary>The factor that brings the stored pixels of a set of images to 0..255, and what speaks against using one factor.</summary>
public sealed record RescaleFactorEstimate
{
    /// <summary>
    /// Proposed factor: 1 for 8-bit images, 255/65535 for 16-bit ones (published as 0.003891), 255/(2^n - 1) where 16-bit files use only n = 8, 10, 12
    /// or 14 bits. In a mixed set, that of the bit depth that most images have.
    /// </summary>
    public required double Factor { get; init; }

    /// <summary>Images that count.</summary>
    public required int Count { get; init; }

    /// <summary>Number of images of each bit depth (8, 16).</summary>
    public required CountTable CountByBitDepth { get; init; }

    /// <summary>Lowest stored pixel of all images.</summary>
    public required int Minimum { get; init; }

    /// <summary>Highest stored pixel of all images.</summary>
    public required int Maximum { get; init; }

    /// <summary>Highest stored pixel of the image in which it is lowest.</summary>
    public required int LowestImageMaximum { get; init; }

    /// <summary>There are images of both bit depths: no single factor fits them all.</summary>
    public bool IsMixed => CountByBitDepth.Count > 1;

    /// <summary>What the user should know before the factor is trusted, one sentence each, its id in brackets at the end.</summary>
    public required WarningList Warnings { get; init; }

    /// <summary>Reads every image once; memory does not grow with the number of images.</summary>
    /// <param name="paths">Image files.</param>
    /// <param name="options">Progress, failures, cancellation.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.DatasetInvalid"/>: no image could be used; or the error of an image.</exception>
    public static RescaleFactorEstimate Measure(IEnumerable<string> paths, ScanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var builder = new RescaleFactorBuilder();
        foreach (var (bitDepth, range) in ImageScan.Run(paths, Facts, options))
            builder.Add(bitDepth, range.Minimum, range.Maximum);
        return builder.Build();
    }

    private static (int BitDepth, (int Minimum, int Maximum) Range) Facts(string path)
    {
        var image = ImageReader.Read(path);
        return (image.BitDepth, image.Range());
    }
}
