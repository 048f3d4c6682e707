using System.Collections.Immutable;
using System.Management.Automation;
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

    private protected override bool ArePatches => true;

    private protected override bool IsAugmented => Augmentation;

    private protected override bool IsBalanced => AutoBatchBalance;

    private protected override IEnumerable<string> IdleParameters => FromScratch
        ? [
            nameof(TopLayerEpoch), nameof(AllLayerEpoch), nameof(TopLayerMultiplier), nameof(AllLayerMultiplier), nameof(TopLayerNumber),
            nameof(WeightDecay2), nameof(HiddenDropout2)]
        : [];

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
