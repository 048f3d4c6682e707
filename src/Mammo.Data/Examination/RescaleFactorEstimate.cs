using System.Numerics;

namespace Mammo.Data.Examination;

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
    public required NamedTable<int> CountByBitDepth { get; init; }

    /// <summary>Lowest stored pixel of all images.</summary>
    public required int Minimum { get; init; }

    /// <summary>Highest stored pixel of all images.</summary>
    public required int Maximum { get; init; }

    /// <summary>Highest stored pixel of the image in which it is lowest.</summary>
    public required int LowestImageMaximum { get; init; }

    /// <summary>There are images of both bit depths: no single factor fits them all.</summary>
    public bool IsMixed => CountByBitDepth.Count > 1;

    /// <summary>What the user should know before the factor is trusted.</summary>
    public required FindingList Warnings { get; init; }

    /// <summary>Reads every image once; memory does not grow with the number of images.</summary>
    /// <param name="paths">Image files.</param>
    /// <param name="options">Progress, failures, cancellation.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.DatasetInvalid"/>: no image could be used; or the error of an image.</exception>
    public static RescaleFactorEstimate Measure(IEnumerable<string> paths, ScanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var builder = new RescaleFactorBuilder();
        foreach (var (bitDepth, range) in ImageScan.Run(paths, image => (image.BitDepth, Range: image.Range()), options))
            builder.Add(bitDepth, range.Minimum, range.Maximum);
        return builder.Build();
    }
}

/// <summary>Collects bit depths and ranges, and judges them.</summary>
internal sealed class RescaleFactorBuilder
{
    // 10, 12 and 14 bits are what mammography detectors deliver.
    private static readonly int[] UsualHighest = [255, 1023, 4095, 16383, 65535];

    private const string AutoLevelAdvice = "The published models' images were each stretched to the full range: consider -AutoLevel.";

    private readonly SortedDictionary<int, RunningMoments> _maxima = [];
    private int _minimum = int.MaxValue;

    public void Add(int bitDepth, int minimum, int maximum)
    {
        if (!_maxima.TryGetValue(bitDepth, out var moments))
            _maxima.Add(bitDepth, moments = new RunningMoments());
        moments.Add(maximum);
        _minimum = Math.Min(_minimum, minimum);
    }

    public RescaleFactorEstimate Build()
    {
        if (_maxima.Count == 0)
            throw new MammoException(ErrorIds.DatasetInvalid, "There is no image to take a rescale factor from.");
        var (bitDepth, maxima) = _maxima.OrderByDescending(pair => pair.Value.Count).ThenByDescending(pair => pair.Key).First();
        var highest = bitDepth == 8 ? 255 : UsualHighest.First(value => value >= maxima.Maximum);
        return new RescaleFactorEstimate
        {
            Factor = 255.0 / highest,
            Count = _maxima.Values.Sum(moments => moments.Count),
            CountByBitDepth = NamedTable.ByBitDepth(_maxima.Select(pair => (pair.Key, pair.Value.Count))),
            Minimum = _minimum,
            Maximum = (int)_maxima.Values.Max(moments => moments.Maximum),
            LowestImageMaximum = (int)_maxima.Values.Min(moments => moments.Minimum),
            Warnings = new FindingList(Warnings(bitDepth, maxima, highest)),
        };
    }

    private IEnumerable<Finding> Warnings(int bitDepth, RunningMoments maxima, int highest)
    {
        if (_maxima.Count > 1)
        {
            var depths = string.Join(", ", _maxima.Select(pair => Text($"{pair.Key} bits: {pair.Value.Count}")));
            yield return new Finding(ErrorIds.BitDepthMixed, $"Bit depths are mixed ({depths}): no factor fits both.")
            {
                SuggestedFix = Text($"The factor given is for {bitDepth} bits; convert the other images or treat them as a set of their own."),
            };
        }

        if (bitDepth == 16 && highest < ushort.MaxValue)
        {
            var bits = BitOperations.Log2((uint)highest + 1);
            var evidence = Text($"The 16-bit images use only {bits} bits (highest pixel {maxima.Maximum}), hence 255/{highest} instead of 255/65535.");
            yield return new Finding(ErrorIds.BitDepthMismatch, evidence);
        }

        if (255 * maxima.Maximum / highest < FilmExamination.LowestMaximum)
            yield return Dark(Text($"The highest pixel, {maxima.Maximum}, becomes only {255 * maxima.Maximum / highest:F0} of 255."));
        else if (255 * maxima.Minimum / highest < 128)
            yield return Dark(Text($"The darkest image reaches only {255 * maxima.Minimum / highest:F0} of 255."));

        static Finding Dark(string message) => new(ErrorIds.MaximumNot255, message) { SuggestedFix = AutoLevelAdvice };
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
