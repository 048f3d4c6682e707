using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Rois;
using Mammo.Data.Segmentation;

namespace Mammo.Data.Datasets;

/// <summary>Reads one image and its regions for a check.</summary>
internal sealed class ImageExaminer(Preparation preparation)
{
    private const double Distorted = 1.5;

    // What is looked at does not depend on the size: resizing thousands of images would be in vain. Values that cannot be equalised are told by their maximum.
    private readonly Preparation _scaling = preparation with { Size = null, TargetHeight = null, FeaturewiseMean = null, WrapAsUint8 = true };

    public ImageFacts Examine(MammoImage image)
    {
        try
        {
            var stored = ImageReader.Read(image.Path);
            var prepared = _scaling.Apply(stored);
            var breast = Breast(stored);
            return new ImageFacts(image, [.. Look(image, stored, prepared, breast), .. image.Rois.SelectMany(roi => Look(image, stored, roi, breast))])
            {
                Pixels = new PixelFacts(stored.Size, stored.BitDepth, prepared.ScaledMaximum, prepared.ScaledMean, Hash(stored)),
            };
        }
        catch (MammoException error)
        {
            return new ImageFacts(image, [new DatasetFinding(error.ErrorId, error.Message) { Path = image.Path, Patient = image.Patient }]);
        }
    }

    private IEnumerable<DatasetFinding> Look(MammoImage image, GreyImage stored, PreparedImage prepared, BreastRegion? breast)
    {
        DatasetFinding Found(string id, string message) => new(id, $"'{image.Path}' {message}") { Path = image.Path, Patient = image.Patient };

        if (prepared.IsConstant)
        {
            yield return Found(ErrorIds.ImageConstant, "has the same grey everywhere.");
            yield break;
        }

        if (prepared.WasColour)
            yield return Found(ErrorIds.ImageColour, "is a colour image and was converted to grey.");
        if (breast is { LooksInverted: true })
            yield return Found(ErrorIds.ImageInverted, "looks inverted: its background is bright.");
        if (preparation.Size is { } size && Ratio(stored.Size, size) is var ratio && Math.Max(ratio, 1 / ratio) > Distorted)
            yield return Found(ErrorIds.ImageSizeDiffers, $"is {stored.Size}: resizing to {size} changes its proportions by more than half.");
        if (prepared.ScaledMaximum is < 200 or > 256.5)
            yield return Found(ErrorIds.MaximumNot255, FormattableString.Invariant($"reaches {prepared.ScaledMaximum:0.##} after scaling, not 255."));
    }

    private static IEnumerable<DatasetFinding> Look(MammoImage image, GreyImage stored, Roi roi, BreastRegion? breast)
    {
        DatasetFinding Found(string id, string message) => new(id, $"Abnormality {roi.Number} of '{image.Path}': {message}")
        {
            Path = (roi.Shape as RoiMask)?.Path ?? image.Path,
            Patient = image.Patient,
        };

        if (roi.Shape is null)
            return [Found(ErrorIds.RoiEmpty, "its place is not known.")];
        try
        {
            var region = RoiRaster.Draw(roi.Shape, stored.Size, stored.Size);
            if (region.Count == 0)
                return [Found(ErrorIds.RoiEmpty, "its region has no pixel in the image.")];
            return breast is null || Overlap(region, breast.Mask) ? [] : [Found(ErrorIds.RoiEmpty, "its region lies outside the breast.")];
        }
        catch (MammoException error)
        {
            return [Found(error.ErrorId, error.Message)];
        }
    }

    private static BreastRegion? Breast(GreyImage stored)
    {
        try
        {
            return BreastFinder.Find(stored);
        }
        catch (MammoException)
        {
            return null;
        }
    }

    private static bool Overlap(Mask first, Mask second)
    {
        for (var i = 0; i < first.Pixels.Length; i++)
        {
            if (first.Pixels[i] && second.Pixels[i])
                return true;
        }

        return false;
    }

    private static double Ratio(ImageSize from, ImageSize to) => (double)from.Height * to.Width / ((double)from.Width * to.Height);

    private static string Hash(GreyImage image)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes<int>([image.Height, image.Width]));
        hash.AppendData(MemoryMarshal.AsBytes(image.Pixels.AsSpan()));
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}

/// <summary>What a check learns from one image file.</summary>
/// <param name="Image">The image.</param>
/// <param name="Findings">What is wrong with it or its regions.</param>
internal sealed record ImageFacts(MammoImage Image, ImmutableArray<DatasetFinding> Findings)
{
    /// <summary>Size, depth, maximum and mean; null when the file cannot be read.</summary>
    public PixelFacts? Pixels { get; init; }
}

/// <summary>What a check learns from the pixels of one image.</summary>
/// <param name="Size">Stored size.</param>
/// <param name="BitDepth">8 or 16.</param>
/// <param name="Maximum">Highest value after scaling.</param>
/// <param name="Mean">Mean value after scaling.</param>
/// <param name="Hash">Hash of size and pixels, whatever the file's format.</param>
internal sealed record PixelFacts(ImageSize Size, int BitDepth, double Maximum, double Mean, string Hash);
