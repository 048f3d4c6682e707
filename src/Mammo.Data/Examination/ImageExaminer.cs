using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mammo.Data.Datasets;
using Mammo.Data.Dicom;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Data.Rois;
using Mammo.Data.Segmentation;

namespace Mammo.Data.Examination;

/// <summary>Reads one image and its ROIs for a check.</summary>
/// <param name="preparation">How the model wants its images.</param>
/// <param name="dicom">How DICOM files are read.</param>
internal sealed class ImageExaminer(Preparation preparation, DicomOptions dicom)
{
    private readonly FilmExamination _examination = new(preparation);

    // The mean of local contrast and of equalised values is known only after them; resizing thousands of images has no effect on the second.
    private readonly Preparation? _measured = preparation switch
    {
        { LocalContrast: not null } => preparation with { FeaturewiseMean = null, WrapAsUint8 = true },
        { EqualizeHistogram: true } => preparation with { Size = null, TargetHeight = null, FeaturewiseMean = null, WrapAsUint8 = true },
        _ => null,
    };

    public ImageFacts Examine(MammoImage image)
    {
        try
        {
            var stored = ImageReader.Read(image.Path, dicom: dicom);
            var film = FilmFacts.Of(stored);
            var breast = image.Rois.IsEmpty ? null : Breast(stored);
            return new ImageFacts(image, [.. _examination.Examine(image, film), .. image.Rois.SelectMany(roi => Look(image, stored, roi, breast))])
            {
                Film = film,
                ScaledMean = _measured is null ? film.Scaled(preparation, film.Mean) : _measured.Apply(stored).ScaledMean,
                PixelHash = Hash(stored),
            };
        }
        catch (MammoException error)
        {
            return new ImageFacts(image, [Finding.Of(error, image.Patient) with { Subject = image.Path }]);
        }
    }

    private static IEnumerable<Finding> Look(MammoImage image, GreyImage stored, Roi roi, BreastRegion? breast)
    {
        Finding Found(string id, string message) => new(id, $"Lesion {roi.Number} of '{image.Path}': {message}")
        {
            Subject = (roi.Shape as RoiMaskFile)?.Path ?? image.Path,
            Patient = image.Patient,
        };

        if (roi.Shape is null)
            return [Found(ErrorIds.RoiEmpty, "its place is not known.")];
        try
        {
            var findings = new List<Finding>();
            var region = RoiRaster.Draw(roi.Shape, stored.Size, stored.Size, findings, stored.Turn);
            if (region.Count == 0)
                findings.Add(Found(ErrorIds.RoiEmpty, "its ROI has no pixel in the image."));
            else if (breast is not null && !Overlap(region, breast.Mask))
                findings.Add(Found(ErrorIds.RoiEmpty, "its ROI lies outside the breast."));
            return findings.Select(finding => finding with { Patient = image.Patient });
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
internal sealed record ImageFacts(MammoImage Image, ImmutableArray<Finding> Findings)
{
    /// <summary>What the film says of itself; null when the file cannot be read.</summary>
    public FilmFacts? Film { get; init; }

    /// <summary>Mean after local contrast, scaling and equalisation, as far as they are asked for.</summary>
    public double ScaledMean { get; init; }

    /// <summary>Hash of size and pixels, whatever the file's format.</summary>
    public string PixelHash { get; init; } = "";
}
