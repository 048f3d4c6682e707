using System.Globalization;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Networks.Models;

namespace Mammo.Scoring;

/// <summary>Notices in prepared images what made the original's users report wrong numbers: scale, mean, bit depth, shape, inversion.</summary>
/// <param name="preparation">How the images were prepared.</param>
internal sealed class InputChecks(Preparation preparation)
{
    /// <summary>Images seen before their mean is compared with the mean that is subtracted: single films differ by 30 grey levels.</summary>
    private const int EnoughForMean = 8;

    // Of patches. Their films' maximum is 255, which few reach; a film of which nothing comes near a tenth of it has another bit depth.
    private const double LowestPatchMaximum = 25;
    private const double HighestPatchMaximum = 510;

    private int _count;
    private double _meanSum;
    private double _maximum;
    private int? _firstBitDepth;

    /// <summary>The images are patches: what a whole film looks like says nothing of them.</summary>
    public bool ArePatches { get; init; }

    /// <summary>What is doubtful about one image; messages hold the evidence and the cure.</summary>
    public IEnumerable<InputWarning> Examine(MammoImage image, PreparedImage prepared)
    {
        var name = Path.GetFileName(image.Path);
        _count++;
        _meanSum += prepared.ScaledMean;
        _maximum = Math.Max(_maximum, prepared.ScaledMaximum);
        if (prepared.WasColour)
            yield return new(ErrorIds.ImageColour, $"'{name}' is a colour image and was converted to grey. Mammograms are grey: check that it is not a screenshot.");
        if (preparation.Size is { } size && Distortion(prepared.OriginalSize, size) > 1.5)
            yield return new(ErrorIds.ImageSizeDiffers, $"'{name}' is {prepared.OriginalSize}, so resizing to {size} changes its proportions by more than half. Turn or crop it.");
        _firstBitDepth ??= prepared.BitDepth;
        if (_firstBitDepth != prepared.BitDepth)
            yield return new(ErrorIds.BitDepthMixed, $"'{name}' has {prepared.BitDepth} bits but earlier images have {_firstBitDepth}: one rescale factor cannot fit both. Convert all to one depth, or use -TargetScale 255.");
        foreach (var warning in ArePatches ? [] : Film(name, prepared))
            yield return warning;
    }

    /// <summary>What is doubtful about all images together.</summary>
    public IEnumerable<InputWarning> Finish()
    {
        if (!ArePatches || _count == 0 || _maximum is >= LowestPatchMaximum and <= HighestPatchMaximum)
            yield break;
        var evidence = string.Create(CultureInfo.CurrentCulture, $"The highest value of {_count} patches ({_firstBitDepth} bit) is {_maximum:0.##} after rescaling by {preparation.RescaleFactor ?? 1:0.######}, but the network expects one near 255.");
        yield return new(ErrorIds.BitDepthMismatch, $"{evidence} Use -RescaleFactor 1 for patches of 8 bits and 0.003891 for patches of 16, or what Get-RescaleFactor tells for the films.");
    }

    /// <summary>What is doubtful about a whole film.</summary>
    private IEnumerable<InputWarning> Film(string name, PreparedImage prepared)
    {
        if (prepared.IsConstant)
            yield return new(ErrorIds.ImageConstant, $"'{name}' has the same grey level everywhere; its score means nothing. Check how it was exported.");
        else if (Scale(name, prepared) is { } scale)
            yield return scale;
        if (!prepared.IsConstant && !preparation.EqualizeHistogram && IsInverted(prepared.Plane.Values))
            yield return new(ErrorIds.ImageInverted, $"'{name}' looks inverted: most of it is as bright as its maximum, but the background of a mammogram is dark. Invert it (MONOCHROME1 DICOM files are stored that way).");
        if (Mean() is { } mean)
            yield return mean;
    }

    private static double Distortion(ImageSize from, ImageSize to)
    {
        var ratio = (double)from.Height / from.Width / ((double)to.Height / to.Width);
        return Math.Max(ratio, 1 / ratio);
    }

    /// <summary>Bright where a film is dark: over a third of the plane near the maximum and little near zero. Breasts fill less than that in the mini-MIAS and CBIS-DDSM films that were tried.</summary>
    private static bool IsInverted(float[] values)
    {
        var (minimum, maximum) = (values.Min(), values.Max());
        int bright = 0, dark = 0;
        foreach (var value in values)
        {
            var share = (value - minimum) / (maximum - minimum);
            if (share > 0.85)
                bright++;
            else if (share < 0.15)
                dark++;
        }

        return bright > values.Length / 3 && dark < values.Length / 10;
    }

    private InputWarning? Scale(string name, PreparedImage prepared)
    {
        // Equalisation takes values of 0 to 255, and makes the best of any maximum below.
        var wrongDepth = (prepared.BitDepth == 8 && prepared.ScaledMaximum < 2) || (prepared.BitDepth == 16 && prepared.ScaledMaximum > 1000);
        if ((preparation.EqualizeHistogram && !wrongDepth) || prepared.ScaledMaximum is >= 200 and <= 256.5)
            return null;

        // Invariant: the value is typed into a command.
        var cure = string.Create(CultureInfo.InvariantCulture, $"-RescaleFactor {255 / Math.Max(prepared.StoredMaximum, 1.0):0.######} fits this image; Get-RescaleFactor tells it for all, and -AutoLevel stretches each image as the published models' images were.");
        var evidence = string.Create(CultureInfo.CurrentCulture, $"'{name}' ({prepared.BitDepth} bit, stored maximum {prepared.StoredMaximum}) has maximum {prepared.ScaledMaximum:0.##} after rescaling by {preparation.RescaleFactor ?? 1:0.######}, but the network expects 255.");
        return new(wrongDepth ? ErrorIds.BitDepthMismatch : ErrorIds.MaximumNot255, $"{evidence} {cure}");
    }

    private InputWarning? Mean()
    {
        var mean = _meanSum / _count;
        var subtracted = preparation.FeaturewiseMean ?? 0;
        if (_count < EnoughForMean || Math.Abs(mean - subtracted) <= Math.Max(15, 0.4 * subtracted))
            return null;
        return new(ErrorIds.MeanFarFromData, string.Create(CultureInfo.CurrentCulture, $"The mean of {_count} images is {mean:0.0} after rescaling, but {subtracted:0.0} is subtracted. Check the rescale factor; for images of another source set -FeaturewiseMean (Get-FeaturewiseMean tells it for a training set)."));
    }
}
