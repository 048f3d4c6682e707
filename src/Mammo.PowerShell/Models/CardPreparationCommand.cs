using System.Management.Automation;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Models;

/// <summary>A cmdlet that makes or reads models: what the user says about the preparation of images goes into the model's card.</summary>
public abstract class CardPreparationCommand : MammoCmdlet
{
    /// <summary>Factor from stored pixels to the 0..255 scale, for the model's card: 0.003891 for 16-bit images, 1 for 8-bit ones.</summary>
    [Parameter]
    [InRange(1e-9, 1e6)]
    public double? RescaleFactor { get; set; }

    /// <summary>
    /// Mean that is subtracted after rescaling, 0..255 scale, for the model's card: 52.18 for the published CBIS-DDSM models, 44.33 for INbreast; or one number
    /// for each input channel in their order, as 103.939, 116.779, 123.68.
    /// </summary>
    [Parameter]
    [FeaturewiseMeanTransformation]
    public FeaturewiseMean? FeaturewiseMean { get; set; }

    /// <summary>Histogram equalisation belongs to the model's preparation.</summary>
    [Parameter]
    [Alias("EqualizeHist")]
    [PSDefaultValue(Help = "what the model that is read says")]
    public SwitchParameter EqualizeHistogram { get; set; }

    /// <summary>Stretching each image to the full range of its bit depth belongs to the model's preparation.</summary>
    [Parameter]
    [PSDefaultValue(Help = "what the model that is read says")]
    public SwitchParameter AutoLevel { get; set; }

    /// <summary>
    /// Local contrast belongs to the model's preparation: deviation of its Gaussian in pixels of the resized image, 0 for none. A whole-image model has it from
    /// its patch classifier unless this is set.
    /// </summary>
    [Parameter]
    [InRange(0.0, Preparation.HighestLocalContrast)]
    [PSDefaultValue(Help = "what the model that is read says")]
    public double? LocalContrast { get; set; }

    /// <summary>The card with what the user states; that wins over what the card has.</summary>
    private protected ModelCard Prepared(ModelCard card)
    {
        var (scale, factor) = ModelPreparation.Scaling(card, null, RescaleFactor);
        return card with
        {
            TargetScale = scale,
            RescaleFactor = factor,
            FeaturewiseMean = FeaturewiseMean ?? card.FeaturewiseMean,
            EqualizeHistogram = Given(nameof(EqualizeHistogram), EqualizeHistogram.ToBool(), card.EqualizeHistogram),
            AutoLevel = Given(nameof(AutoLevel), AutoLevel.ToBool(), card.AutoLevel),
            LocalContrast = LocalContrast is { } sigma ? sigma > 0 ? sigma : null : card.LocalContrast,
        };
    }
}
