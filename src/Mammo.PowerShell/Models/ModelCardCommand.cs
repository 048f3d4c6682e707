using System.Management.Automation;
using Mammo.Data.Images;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Models;

/// <summary>A cmdlet that reads model files and lets the user say what the files do not.</summary>
public abstract class ModelCardCommand : CardPreparationCommand
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
    private protected ModelCard Complete(ModelCard card) => Prepared(card) with
    {
        Classes = Class is null ? card.Classes : [.. Class],
        ImageSize = ImageSize ?? card.ImageSize,
        TrainedOn = TrainedOn ?? card.TrainedOn,
        License = License ?? card.License,
        Decision = Threshold is { } score ? CardDecision.Stated(score, ThresholdChosenBy!) : card.Decision,
    };

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
