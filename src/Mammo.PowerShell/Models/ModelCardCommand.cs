using System.Management.Automation;
using Mammo.Data.Images;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Models;

/// <summary>A cmdlet that reads model files and lets the user say what the files do not.</summary>
public abstract class ModelCardCommand : MammoCmdlet
{
    /// <summary>Class names in the order of the model's outputs, the positive class last.</summary>
    [Parameter]
    [Alias("ClassList")]
    [NotEmpty]
    public string[]? Class { get; set; }

    /// <summary>Height and width of the images that the model was trained on.</summary>
    [Parameter]
    [ImageSizeTransformation]
    [Alias("ImgSize")]
    public ImageSize? ImageSize { get; set; }

    /// <summary>Factor from stored pixels to the 0..255 scale: 0.003891 for 16-bit images, 1 for 8-bit ones.</summary>
    [Parameter]
    [InRange(1e-9, 1e6)]
    public double? RescaleFactor { get; set; }

    /// <summary>
    /// Mean that is subtracted after rescaling, 0..255 scale: 52.18 for the published CBIS-DDSM models, 44.33 for INbreast; or one number for each input
    /// channel in their order, as 103.939, 116.779, 123.68.
    /// </summary>
    [Parameter]
    [FeaturewiseMeanTransformation]
    public FeaturewiseMean? FeaturewiseMean { get; set; }

    /// <summary>Histogram equalisation belongs to the model's preparation.</summary>
    [Parameter]
    [Alias("EqualizeHist")]
    [PSDefaultValue(Help = "what the file says")]
    public SwitchParameter EqualizeHistogram { get; set; }

    /// <summary>Stretching each image to the full range of its bit depth belongs to the model's preparation.</summary>
    [Parameter]
    [PSDefaultValue(Help = "what the file says")]
    public SwitchParameter AutoLevel { get; set; }

    /// <summary>What the model was trained on, for its card.</summary>
    [Parameter]
    [NotEmpty]
    public string? TrainedOn { get; set; }

    /// <summary>Licence of the model's weights, for its card.</summary>
    [Parameter]
    [NotEmpty]
    public string? License { get; set; }

    /// <summary>
    /// Score from which on the last of two classes is predicted, 0..1 (PredictedClass of predictions), for its card; needs -ThresholdChosenBy.
    /// </summary>
    [Parameter]
    [InRange(0, 1)]
    public double? Threshold { get; set; }

    /// <summary>How -Threshold was chosen, and on which images: sensitivity 0.9 on the validation set.</summary>
    [Parameter]
    [NotEmpty]
    public string? ThresholdChosenBy { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Threshold is null != ThresholdChosenBy is null)
            Require<object>(() => throw new MammoException(
                ErrorIds.ModelOptionConflict,
                Threshold is null ? "-ThresholdChosenBy has no effect without -Threshold." : "A threshold without its origin helps nobody who reads the card.",
                "Give -Threshold and -ThresholdChosenBy together, or neither."));
    }

    /// <summary>What the user states wins over what the file, or its name, says.</summary>
    private protected ModelCard Complete(ModelCard card)
    {
        var (scale, factor) = ModelPreparation.Scaling(card, null, RescaleFactor);
        return card with
        {
            Classes = Class is null ? card.Classes : [.. Class],
            ImageSize = ImageSize ?? card.ImageSize,
            TargetScale = scale,
            RescaleFactor = factor,
            FeaturewiseMean = FeaturewiseMean ?? card.FeaturewiseMean,
            TrainedOn = TrainedOn ?? card.TrainedOn,
            License = License ?? card.License,
            Threshold = Threshold is { } score ? new ModelThreshold(score, ThresholdChosenBy!) : card.Threshold,
            EqualizeHistogram = Given(nameof(EqualizeHistogram), EqualizeHistogram.ToBool(), card.EqualizeHistogram),
            AutoLevel = Given(nameof(AutoLevel), AutoLevel.ToBool(), card.AutoLevel),
        };
    }

    /// <summary>Shows what a reader remarked: a warning unless the user stated everything that could have been assumed.</summary>
    private protected void WriteNotes(string path, IEnumerable<string> notes)
    {
        var isStated = Class is not null && RescaleFactor is not null && FeaturewiseMean is not null;
        foreach (var note in notes)
        {
            if (isStated)
                WriteVerbose(note);
            else
                WriteFinding(new Finding(ErrorIds.PreparationAssumed, $"{Path.GetFileName(path)}: {note}") { Subject = path });
        }
    }
}
