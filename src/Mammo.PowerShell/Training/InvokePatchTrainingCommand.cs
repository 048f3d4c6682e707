using System.Collections.Immutable;
using System.Management.Automation;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;
using Mammo.Torch.Training;

namespace Mammo.PowerShell.Training;

/// <summary>
/// Trains a patch classifier in the original's three stages: output layer, upper layers, all layers. Leaves the model with the weights of its best epoch by
/// validation accuracy.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "PatchTraining", SupportsShouldProcess = true)]
[Alias("Invoke-MammoPatchTraining")]
[OutputType(typeof(MammoModel))]
public sealed class InvokePatchTrainingCommand : TrainingCommand
{
    /// <summary>Epoch limit of the first stage (output layer); with -FromScratch of the whole training.</summary>
    [Parameter]
    [Alias("NbEpoch")]
    [InRange(0, int.MaxValue)]
    public int Epoch { get; set; } = 5;

    /// <summary>Epoch limit of the second stage (upper layers), counted from the start of the first.</summary>
    [Parameter]
    [Alias("TopLayerEpochs")]
    [InRange(0, int.MaxValue)]
    public int TopLayerEpoch { get; set; } = 10;

    /// <summary>Epoch limit of the third stage (all layers), counted from the start of the first.</summary>
    [Parameter]
    [Alias("AllLayerEpochs")]
    [InRange(0, int.MaxValue)]
    public int AllLayerEpoch { get; set; } = 20;

    /// <summary>Factor on the learning rate in the second stage.</summary>
    [Parameter]
    [InRange(1e-12, 1e6)]
    public double TopLayerMultiplier { get; set; } = 0.1;

    /// <summary>Factor on the learning rate in the third stage.</summary>
    [Parameter]
    [InRange(1e-12, 1e6)]
    public double AllLayerMultiplier { get; set; } = 0.01;

    /// <summary>Position of the first layer that the second stage trains; the original's for its architectures unless set.</summary>
    [Parameter]
    [Alias("TopLayerNb")]
    [InRange(0, int.MaxValue)]
    public int? TopLayerNumber { get; set; }

    /// <summary>The body has no pretrained weights: train all layers in one stage.</summary>
    [Parameter]
    [Alias("NoUsePretrained")]
    public SwitchParameter FromScratch { get; set; }

    /// <summary>Random transforms of the training patches.</summary>
    [Parameter]
    public SwitchParameter Augmentation { get; set; }

    /// <summary>Classes that are present in a batch weigh the same.</summary>
    [Parameter]
    public SwitchParameter AutoBatchBalance { get; set; }

    /// <summary>
    /// Whole films of the training patients, with their ROIs, from which hard negatives are mined: every few epochs the highest places of the network's own
    /// heatmaps that are on no lesion become background patches.
    /// </summary>
    [Parameter]
    [DatasetTransformation]
    public MammoDataset? HardNegativeFilm { get; set; }

    /// <summary>Hard negatives of a film at each mining; of all films no more than half of the background patches, the highest ones.</summary>
    [Parameter]
    [InRange(1, 9999)]
    public int HardNegative { get; set; } = 2;

    /// <summary>Epochs from one mining of -HardNegativeFilm to the next.</summary>
    [Parameter]
    [InRange(1, int.MaxValue)]
    public int HardNegativeEvery { get; set; } = 4;

    /// <summary>Height and width to which -HardNegativeFilm is resized: as -ImageSize of New-MammoPatchSet was.</summary>
    [Parameter]
    [ImageSizeTransformation]
    public ImageSize? HardNegativeImageSize { get; set; }

    private protected override bool ArePatches => true;

    private protected override IEnumerable<MammoDataset> Sets => HardNegativeFilm is null ? base.Sets : base.Sets.Append(HardNegativeFilm);

    private protected override HardNegativeMining? Mining => HardNegativeFilm is null ? null : new HardNegativeMining(
        HardNegativeFilm,
        HardNegativeImageSize ?? throw new MammoException(
            ErrorIds.TrainingOptionInvalid,
            "-HardNegativeFilm has no size to which the films are resized.",
            "Give -HardNegativeImageSize as New-MammoPatchSet had -ImageSize."))
    {
        Count = HardNegative,
        Every = HardNegativeEvery,
    };

    private protected override bool IsAugmented => Augmentation;

    private protected override bool IsBalanced => AutoBatchBalance;

    private protected override IEnumerable<string> IdleParameters =>
    [
        .. FromScratch
            ? [
                nameof(TopLayerEpoch), nameof(AllLayerEpoch), nameof(TopLayerMultiplier), nameof(AllLayerMultiplier), nameof(TopLayerNumber),
                nameof(WeightDecay2), nameof(HiddenDropout2)]
            : Array.Empty<string>(),
        .. HardNegativeFilm is null ? [nameof(HardNegative), nameof(HardNegativeEvery), nameof(HardNegativeImageSize)] : Array.Empty<string>(),
    ];

    private protected override BestCriterion BestBy => BestCriterion.Accuracy;

    private protected override PreparationUse Use => PreparationUse.PatchTraining;

    private protected override ImmutableArray<TrainingStage> Stages() => new PatchSchedule
    {
        Epoch = Epoch,
        TopLayerEpoch = TopLayerEpoch,
        AllLayerEpoch = AllLayerEpoch,
        LearningRate = LearningRate,
        TopLayerMultiplier = TopLayerMultiplier,
        AllLayerMultiplier = AllLayerMultiplier,
        WeightDecay = WeightDecay,
        WeightDecay2 = WeightDecay2,
        HiddenDropout = HiddenDropout,
        HiddenDropout2 = HiddenDropout2,
        IsPretrained = !FromScratch,
        TopLayerNumber = TopLayerNumber,
    }.Stages(Model.Graph);
}
