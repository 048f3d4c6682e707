using System.Management.Automation;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Networks.Models;

namespace Mammo.PowerShell.Common;

/// <summary>A cmdlet that gives images to a network: how they are prepared, as far as the model's card is not to decide it.</summary>
public abstract class PreparationCommand : ImageReadingCommand
{
    /// <summary>Height and width given to the network; the model's own unless set.</summary>
    [Parameter]
    [Alias("ImgSize")]
    [ImageSizeTransformation]
    public ImageSize? ImageSize { get; set; }

    /// <summary>Factor from stored pixels to the 0..255 scale: 255/65535 = 0.003891 for 16 bits, 1 for 8 bits; the model card's unless set.</summary>
    [Parameter]
    [InRange(1e-9, 1e6)]
    public double? RescaleFactor { get; set; }

    /// <summary>
    /// Scale each image so that its maximum is this value, in place of a fixed factor; as the model's card says unless this or a factor is set.
    /// </summary>
    [Parameter]
    [Alias("ImageScale", "ImgScale")]
    [InRange(1e-9, 1e9)]
    public double? TargetScale { get; set; }

    /// <summary>
    /// Mean that is subtracted after rescaling, 0..255 scale (Get-FeaturewiseMean of the training images); the model card's unless set. One number, or one for
    /// each channel of the network's input in their order: 103.939, 116.779, 123.68 for networks trained with Keras's preprocess_input in its caffe mode.
    /// </summary>
    [Parameter]
    [FeaturewiseMeanTransformation]
    public FeaturewiseMean? FeaturewiseMean { get; set; }

    /// <summary>Equalise the histogram after rescaling; as the model's card says unless set.</summary>
    [Parameter]
    [Alias("EqualizeHist")]
    [PSDefaultValue(Help = "the model card's")]
    public SwitchParameter EqualizeHistogram { get; set; }

    /// <summary>
    /// Stretch each image to the full range of its bit depth first, as the published models' images had been; as the model's card says unless set.
    /// </summary>
    [Parameter]
    [PSDefaultValue(Help = "the model card's")]
    public SwitchParameter AutoLevel { get; set; }

    /// <summary>
    /// Make each pixel of the resized image its distance from the mean around it in standard deviations, within the breast: deviation of the Gaussian in
    /// pixels of that image, 0 for none; the model card's unless set. Values are then 0..255 whatever the bit depth is.
    /// </summary>
    [Parameter]
    [InRange(0.0, Preparation.HighestLocalContrast)]
    [PSDefaultValue(Help = "the model card's")]
    public double? LocalContrast { get; set; }

    /// <summary>What the user asks of the preparation.</summary>
    private protected PreparationWishes Wishes => new()
    {
        ImageSize = ImageSize,
        RescaleFactor = RescaleFactor,
        TargetScale = TargetScale,
        FeaturewiseMean = FeaturewiseMean,
        EqualizeHistogram = Given<bool?>(nameof(EqualizeHistogram), EqualizeHistogram.ToBool(), null),
        LocalContrast = LocalContrast,
        AutoLevel = Given<bool?>(nameof(AutoLevel), AutoLevel.ToBool(), null),
    };

    /// <summary>Shows where each value of a preparation comes from, and what had to be assumed.</summary>
    private protected void WritePreparation(ModelPreparation preparation)
    {
        foreach (var decision in preparation.Decisions)
            WriteVerbose(decision);
        foreach (var finding in preparation.Findings)
            WriteFinding(finding);
    }
}
