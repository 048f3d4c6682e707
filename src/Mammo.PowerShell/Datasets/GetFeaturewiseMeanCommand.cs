using System.Management.Automation;
using Mammo.Data.Examination;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Datasets;

/// <summary>Computes the mean of all pixels of the training images after resizing and rescaling: what -FeaturewiseMean subtracts.</summary>
[Cmdlet(VerbsCommon.Get, "FeaturewiseMean", DefaultParameterSetName = "Dataset")]
[Alias("Get-MammoFeaturewiseMean")]
[OutputType(typeof(FeaturewiseMeanEstimate))]
public sealed class GetFeaturewiseMeanCommand : DatasetScanCommand
{
    /// <summary>Height and width that the network will be given; each image's own size unless set.</summary>
    [Parameter]
    [ImageSizeTransformation]
    public ImageSize? ImageSize { get; set; }

    /// <summary>Factor from stored pixels to the 0..255 scale: 255/65535 = 0.003891 for 16 bits, 1 for 8 bits.</summary>
    [Parameter]
    [InRange(1e-9, 1e6)]
    public double? RescaleFactor { get; set; }

    /// <summary>Scale each image so that its maximum is this value.</summary>
    [Parameter]
    [Alias("ImageScale")]
    [InRange(1e-9, 1e9)]
    public double? TargetScale { get; set; }

    /// <summary>Equalise the histogram after rescaling.</summary>
    [Parameter]
    [Alias("EqualizeHist")]
    public SwitchParameter EqualizeHistogram { get; set; }

    /// <summary>Stretch each image to the full range of its bit depth first, as the published models' images had been.</summary>
    [Parameter]
    public SwitchParameter AutoLevel { get; set; }

    /// <summary>Make local contrast of the resized images, as in training: deviation of its Gaussian in their pixels, 0 for none.</summary>
    [Parameter]
    [InRange(0.0, Preparation.HighestLocalContrast)]
    public double LocalContrast { get; set; }

    /// <summary>Images are two planes, z-score in the breast and local contrast, as for a network of two channels: ChannelMean has the mean of each.</summary>
    [Parameter]
    public SwitchParameter ZScore { get; set; }

    private protected override string Activity => "Computing the feature-wise mean";

    private protected override object Scan(IEnumerable<string> paths, ScanOptions options)
    {
        if (ZScore && LocalContrast == 0 && !HoldTwoPlanes(paths, options))
        {
            throw new MammoException(
                ErrorIds.LocalContrastDiffers,
                "The means of two planes, z-score and local contrast, are asked for (-ZScore), but the images hold one, and -LocalContrast is not given.",
                "Give -LocalContrast as in training, or patches of New-MammoPatchSet -LocalContrast -ZScore.");
        }

        var estimate = FeaturewiseMeanEstimate.Measure(
            paths,
            new Preparation
            {
                Size = ImageSize,
                RescaleFactor = RescaleFactor,
                TargetScale = TargetScale,
                EqualizeHistogram = EqualizeHistogram,
                AutoLevel = AutoLevel,
                LocalContrast = LocalContrast > 0 ? LocalContrast : null,
                ZScore = ZScore,
            },
            options);
        var top = ValueScale.Top(TargetScale, RescaleFactor, null);
        if (FilmExamination.IsMaximumFar(estimate.ScaledMaximum, top))
        {
            var expected = top == ValueScale.Original
                ? FormattableString.CurrentCulture($"{top:0.##} is meant unless -RescaleFactor or -TargetScale says otherwise")
                : FormattableString.CurrentCulture($"by the factor or scale given it should be near {top:0.##}");
            WriteFinding(new Finding(ErrorIds.MaximumNot255,
                FormattableString.CurrentCulture($"The highest value after rescaling is {estimate.ScaledMaximum:0.####}, but {expected}."))
            {
                SuggestedFix = "Set -RescaleFactor as the network was trained (Get-RescaleFactor reports it for the scale 0..255).",
            });
        }

        return estimate;
    }

    // By the first header that can be read: images of a set are alike, and one that is not has an error of its own.
    private static bool HoldTwoPlanes(IEnumerable<string> paths, ScanOptions options)
    {
        foreach (var path in paths)
        {
            try
            {
                return ImageReader.ReadInfo(path, options.Dicom).Planes == 2;
            }
            catch (MammoException)
            {
                options.CancellationToken.ThrowIfCancellationRequested();
            }
        }

        return true;
    }
}
