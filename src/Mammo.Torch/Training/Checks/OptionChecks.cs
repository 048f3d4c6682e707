using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Torch.Training.Checks;

/// <summary>Ranges of a training's options.</summary>
internal static class OptionChecks
{
    /// <summary>Checks options and stages.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.TrainingOptionInvalid"/>.</exception>
    public static void Run(TrainingOptions options, ImmutableArray<TrainingStage> stages)
    {
        Require(options.BatchSize >= 1, $"BatchSize {options.BatchSize} is below 1.");
        Require(
            options.TrainBatchSize >= 1,
            $"BatchSize {options.BatchSize} times TrainBatchMultiplier {options.TrainBatchMultiplier} gives batches of {options.TrainBatchSize} images.");
        Require(options.Seed >= 0, $"Seed {options.Seed} is negative.");
        Require(options.AccumulateStep >= 1, $"AccumulateStep {options.AccumulateStep} is below 1.");
        Require(options.EarlyStoppingPatience >= 0, $"EarlyStoppingPatience {options.EarlyStoppingPatience} is negative.");
        Require(options.LearningRatePatience >= 0, $"LearningRatePatience {options.LearningRatePatience} is negative.");
        Require(
            options.PositiveClassWeight >= 0 && options.NegativeClassWeight >= 0,
            $"Class weights {options.PositiveClassWeight} and {options.NegativeClassWeight} must not be negative.");
        Require(options.LabelSmoothing is >= 0 and < 1, $"LabelSmoothing {options.LabelSmoothing} is not at least 0 and below 1.");
        Require(options.AverageDecay is null or (> 0 and < 1), $"AverageDecay {options.AverageDecay} is not between 0 and 1.");
        Require(options.ClipNorm is null or > 0, $"ClipNorm {options.ClipNorm} is not above 0.");
        Require(options.ClipValue is null or > 0, $"ClipValue {options.ClipValue} is not above 0.");
        Require(options.RoiLoss >= 0 && double.IsFinite(options.RoiLoss), $"RoiLoss {options.RoiLoss} is not a number of at least 0.");
        Require(options.WarmUpEpoch >= 0, $"WarmUpEpoch {options.WarmUpEpoch} is negative.");
        Require(stages.Any(stage => stage.EpochLimit > 0), $"All stages end at epoch 0, so that nothing is trained.", "Set -Epoch or -AllLayerEpoch above 0.");
        foreach (var stage in stages)
        {
            Require(
                stage.LearningRate > 0 && double.IsFinite(stage.LearningRate),
                $"The learning rate {stage.LearningRate} of stage '{stage.Name}' is not a number above 0.");
            Require(stage.EpochLimit >= 0, $"The epoch limit {stage.EpochLimit} of stage '{stage.Name}' is negative.");
            Require(
                stage.EpochLimit == 0 || HasWeights(stage),
                $"Stage '{stage.Name}' has no layer with weights to train.",
                "Use a smaller -TopLayerNumber, or 0 epochs for that stage.");
        }
    }

    private static bool HasWeights(TrainingStage stage) =>
        WeightPlan.Of(stage.Graph).Any(weight => weight.IsTrainable && stage.TrainableLayers.Contains(weight.Name[..weight.Name.LastIndexOf('/')]));

    /// <summary>Throws when a rule is broken.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.TrainingOptionInvalid"/>.</exception>
    public static void Require(bool isKept, FormattableString broken, string? suggestedFix = null)
    {
        if (!isKept)
            throw new MammoException(ErrorIds.TrainingOptionInvalid, FormattableString.Invariant(broken), suggestedFix);
    }
}
