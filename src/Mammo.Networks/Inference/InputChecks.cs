using System.Globalization;
using Mammo.Data.Datasets;
using Mammo.Data.Images;

namespace Mammo.Networks.Inference;

/// <summary>Notices in prepared images what made the original's users report wrong numbers: scale, mean, bit depth, shape, inversion.</summary>
/// <param name="preparation">How the images were prepared.</param>
internal sealed class InputChecks(Preparation preparation)
{
    /// <summary>Images seen before their mean is compared with the mean that is subtracted: single films differ by 30 grey levels.</summary>
    private const int EnoughForMean = 8;

    private int _count;
    private double _meanSum;
    private int? _firstBitDepth;

    /// <summary>What is doubtful about one image; messages hold the evidence and the cure.</summary>
    public IEnumerable<InputWarning> Examine(MammoImage image, PreparedImage prepared)
    {
        var name = Path.GetFileName(image.Path);
        if (prepared.IsConstant)
            yield return new(ErrorIds.ImageConstant, $"'{name}' has the same grey level everywhere; its score means nothing. Check how it was exported.");
        else if (Scale(name, prepared) is { } scale)
            yield return scale;
        if (prepared.WasColour)
            yield return new(ErrorIds.ImageColour, $"'{name}' is a colour image and was converted to grey. Mammograms are grey: check that it is not a screenshot.");
        if (!prepared.IsConstant && !preparation.EqualizeHistogram && IsInverted(prepared.Plane.Values))
            yield return new(ErrorIds.ImageInverted, $"'{name}' looks inverted: most of it is as bright as its maximum, but the background of a mammogram is dark. Invert it (MONOCHROME1 DICOM files are stored that way).");
        if (preparation.Size is { } size && Distortion(prepared.OriginalSize, size) > 1.5)
            yield return new(ErrorIds.ImageSizeDiffers, $"'{name}' is {prepared.OriginalSize}, so resizing to {size} changes its proportions by more than half. Turn or crop it.");
        _firstBitDepth ??= prepared.BitDepth;
        if (_firstBitDepth != prepared.BitDepth)
            yield return new(ErrorIds.BitDepthMixed, $"'{name}' has {prepared.BitDepth} bits but earlier images have {_firstBitDepth}: one rescale factor cannot fit both. Convert all to one depth, or use -TargetScale 255.");
        if (Mean(prepared) is { } mean)
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
        if (preparation.EqualizeHistogram || prepared.ScaledMaximum is >= 200 and <= 256.5)
            return null;
        // Invariant: the value is typed into a command.
        var cure = string.Create(CultureInfo.InvariantCulture, $"-RescaleFactor {255 / Math.Max(prepared.StoredMaximum, 1.0):0.######} fits this image; Get-RescaleFactor tells it for all, and -AutoLevel stretches each image as the published models' images were.");
        var evidence = string.Create(CultureInfo.CurrentCulture, $"'{name}' ({prepared.BitDepth} bit, stored maximum {prepared.StoredMaximum}) has maximum {prepared.ScaledMaximum:0.##} after rescaling by {preparation.RescaleFactor ?? 1:0.######}, but the network expects 255.");
        var wrongDepth = (prepared.BitDepth == 8 && prepared.ScaledMaximum < 2) || (prepared.BitDepth == 16 && prepared.ScaledMaximum > 1000);
        return new(wrongDepth ? ErrorIds.BitDepthMismatch : ErrorIds.MaximumNot255, $"{evidence} {cure}");
    }

    private InputWarning? Mean(PreparedImage prepared)
    {
        _count++;
        _meanSum += prepared.ScaledMean;
        var mean = _meanSum / _count;
        var subtracted = preparation.FeaturewiseMean ?? 0;
        if (_count < EnoughForMean || Math.Abs(mean - subtracted) <= Math.Max(15, 0.4 * subtracted))
            return null;
        return new(ErrorIds.MeanFarFromData, string.Create(CultureInfo.CurrentCulture, $"The mean of {_count} images is {mean:0.0} after rescaling, but {subtracted:0.0} is subtracted. Check the rescale factor; for images of another source set -FeaturewiseMean (Get-FeaturewiseMean tells it for a training set)."));
    }
}
