using Mammo.Data.Augmentation;
using Mammo.Data.Datasets;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;
using Mammo.Torch.Training;

namespace Mammo.PowerShell.Training;

/// <content>From parameters to options and data of the trainer.</content>
public abstract partial class TrainingCommand
{
    /// <summary>Parameters of one of the cmdlets that have no effect beside others.</summary>
    private protected virtual IEnumerable<string> IdleParameters => [];

    /// <summary>Films from which hard negatives are mined; null for none.</summary>
    private protected virtual HardNegativeMining? Mining => null;

    private TrainingOptions Options() => new()
    {
        Optimizer = Optimizer,
        BatchSize = BatchSize,
        TrainBatchMultiplier = TrainBatchMultiplier,
        EarlyStoppingPatience = EarlyStoppingPatience,
        LearningRatePatience = LearningRatePatience,
        AutoBatchBalance = IsBalanced,
        PositiveClassWeight = PositiveClassWeight,
        NegativeClassWeight = NegativeClassWeight,
        BestBy = BestBy,
        Compatibility = Compatibility,
        Seed = Seed,
        FrozenBatchNorm = FrozenBatchNorm,
        AccumulateStep = AccumulateStep,
        GradientCheckpoint = GradientCheckpoint,
        Precision = Precision,
        Device = Device,
        LabelSmoothing = LabelSmoothing,
        ClipNorm = ClipNorm,
        ClipValue = ClipValue,
        AverageDecay = AverageDecay,
        RoiLoss = LossOfRois,
        CosineSchedule = CosineSchedule,
        WarmUpEpoch = WarmUpEpoch,
    };

    private TrainingData Data() => new(InModelOrder(Train), InModelOrder(Validation), Preparation())
    {
        ArePatches = ArePatches,
        HardNegatives = Mining,
        Augmentation = IsAugmented ? Transforms() : null,
        Dicom = ModelDicom.For([Model], Dicom, Wishes),
        LoadTrainRam = LoadTrainRam,
        LoadValidationRam = LoadValidationRam,
        CacheFolder = Cache is null ? null : ResolveOutput(Cache, force: true),
        WorkerCount = WorkerCount,
        AllowLeakage = AllowLeakage,
    };

    private AugmentationOptions Transforms() => AugmentationOptions.Original with
    {
        RotationRange = RotationRange,
        ShearRange = ShearRange,
        ZoomMinimum = 1 - ZoomRange,
        ZoomMaximum = 1 + ZoomRange,
        ChannelShiftRange = ChannelShiftRange,
        Fill = AugmentationFill,
        Smooth = SmoothAugmentation,
    };

    private MammoDataset InModelOrder(MammoDataset dataset)
    {
        // Outputs without names are named by the training set, whose classes are then those of the validation set.
        var isUnnamed = Model.Card.Classes.IsDefaultOrEmpty;
        if (isUnnamed && dataset == Train)
            return dataset;
        var match = isUnnamed ? new ClassMatch("the training set", Train.Classes, ClassMaps.Of(ClassMap)) : ClassMatch.For(Model, ClassMaps.Of(ClassMap));
        var (taken, findings) = match.Take(dataset);
        foreach (var finding in findings)
            WriteFinding(finding);
        return taken;
    }

    private Preparation Preparation()
    {
        var wishes = Wishes with { NoFeaturewiseMean = NoFeaturewiseCenter };

        // Patches say themselves what was made of their films, for the card.
        if (ArePatches && wishes.LocalContrast is null && Model.Card.LocalContrast is null && Train.Images is [var first, ..])
            wishes = wishes with { LocalContrast = ImageReader.Read(first.Path, dicom: Dicom).LocalContrast };
        var decided = ModelPreparation.For(Model, wishes, Use);
        WritePreparation(decided);
        return decided.Preparation;
    }

    private void WarnOfIdleParameters()
    {
        string[] transforms = [
            nameof(RotationRange), nameof(ShearRange), nameof(ZoomRange), nameof(ChannelShiftRange), nameof(AugmentationFill), nameof(SmoothAugmentation)];
        string[] classWeights = IsBalanced ? [nameof(PositiveClassWeight), nameof(NegativeClassWeight)] : Train.Classes.Length switch
        {
            2 => [nameof(NegativeClassWeight)],
            3 => [],
            _ => [nameof(PositiveClassWeight), nameof(NegativeClassWeight)],
        };
        string[] idle =
        [
            .. IsAugmented ? [] : transforms,
            .. classWeights,
            .. Optimizer == OptimizerKind.Sgd ? [] : new[] { nameof(LearningRatePatience) },
            .. Compatibility == TrainingCompatibility.Keras208 ? new[] { nameof(WeightDecay2), nameof(HiddenDropout2) } : [],
            .. IdleDropouts(),
            .. IdleParameters,
        ];
        if (idle.Distinct().Where(MyInvocation.BoundParameters.ContainsKey).ToArray() is [_, ..] bound)
            WriteFinding(new Finding(ErrorIds.TrainingOptionInvalid, $"With these options, model and data -{string.Join(", -", bound)} has no effect.")
            { SuggestedFix = "Leave it out." });
    }

    // A patch network that was made without dropout has no layer for it.
    private IEnumerable<string> IdleDropouts()
    {
        if (Model.Graph.Layers.Any(layer => layer.Kind is LayerKind.Dropout && layer.Role != LayerRole.Base))
            yield break;
        if (HiddenDropout > 0)
            yield return nameof(HiddenDropout);
        if (HiddenDropout2 > 0)
            yield return nameof(HiddenDropout2);
    }
}
