using System.Collections.Immutable;
using System.Management.Automation;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;
using Mammo.Torch.Training;

namespace Mammo.PowerShell.Training;

/// <summary>
/// Trains or fine-tunes a whole-image model in the original's two stages: the layers on top, then all layers. Leaves the model with the weights of its best
/// epoch by validation AUC.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "MammoFinetune", SupportsShouldProcess = true)]
[OutputType(typeof(MammoModel))]
public sealed class InvokeMammoFinetuneCommand : TrainingCommand
{
    /// <summary>Epoch limit of the first stage (layers on top); 0 skips it.</summary>
    [Parameter]
    [Alias("NbEpoch")]
    [InRange(0, int.MaxValue)]
    public int Epoch { get; set; } = 5;

    /// <summary>Epoch limit of the second stage (all layers), counted from the start of the first: a cumulative end, not a count.</summary>
    [Parameter]
    [Alias("AllLayerEpochs")]
    [InRange(0, int.MaxValue)]
    public int AllLayerEpoch { get; set; } = 20;

    /// <summary>Factor on the learning rate in the second stage.</summary>
    [Parameter]
    [InRange(1e-12, 1e6)]
    public double AllLayerMultiplier { get; set; } = 0.1;

    /// <summary>Number of outer layers that the first stage freezes; the base, by its role, unless set.</summary>
    [Parameter]
    [Alias("TopLayerNb")]
    [InRange(0, int.MaxValue)]
    public int? TopLayerNumber { get; set; }

    /// <summary>
    /// Factor on the loss of every position of the heatmap against the images' regions of interest (dense training), which is added to that of the images.
    /// For models of New-WholeImageModel
    /// -HeatmapPooling TopK and datasets with regions.
    /// </summary>
    [Parameter]
    [InRange(0.0, 1e6)]
    public double RoiLoss { get; set; }

    /// <summary>Random transforms of the training images; on unless -Augmentation:$false.</summary>
    [Parameter]
    public SwitchParameter Augmentation { get; set; } = true;

    /// <summary>Classes that are present in a batch weigh the same; on unless -AutoBatchBalance:$false.</summary>
    [Parameter]
    public SwitchParameter AutoBatchBalance { get; set; } = true;

    private protected override double LossOfRois => RoiLoss;

    private protected override bool ArePatches => false;

    private protected override bool IsAugmented => Augmentation;

    private protected override bool IsBalanced => AutoBatchBalance;

    private protected override BestCriterion BestBy => BestCriterion.Auc;

    private protected override PreparationUse Use => PreparationUse.WholeImageTraining;

    private protected override ImmutableArray<TrainingStage> Stages() => new WholeImageSchedule
    {
        Epoch = Epoch,
        AllLayerEpoch = AllLayerEpoch,
        LearningRate = LearningRate,
        AllLayerMultiplier = AllLayerMultiplier,
        WeightDecay = WeightDecay,
        WeightDecay2 = WeightDecay2,
        HiddenDropout = HiddenDropout,
        HiddenDropout2 = HiddenDropout2,
        TopLayerNumber = TopLayerNumber,
    }.Stages(Model.Graph, Compatibility);
}
