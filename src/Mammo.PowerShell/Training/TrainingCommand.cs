using System.Collections.Immutable;
using Mammo.Data.Augmentation;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Networks.Files;
using Mammo.Networks.Inference;
using Mammo.Networks.Models;
using Mammo.Networks.Training;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Training;

/// <summary>What the two training cmdlets share: from parameters to the trainer, and from its reports to the pipeline.</summary>
public abstract partial class TrainingCommand : MammoCmdlet
{
    private readonly List<EpochRecord> _history = [];

    /// <summary>Random transforms of the training images are on.</summary>
    private protected abstract bool IsAugmented { get; }

    /// <summary>The images are patches.</summary>
    private protected abstract bool ArePatches { get; }

    /// <summary>Classes within a batch weigh the same.</summary>
    private protected abstract bool IsBalanced { get; }

    /// <summary>Factor on the loss of regions of interest.</summary>
    private protected virtual double RegionLoss => 0;

    /// <summary>By what the best epoch is told.</summary>
    private protected abstract BestCriterion BestBy { get; }

    /// <summary>The original's default mean for this kind of images, 0..255 scale.</summary>
    private protected abstract double DefaultMean { get; }

    /// <summary>The original's default size for this kind of images; used where neither parameter nor model says one.</summary>
    private protected abstract ImageSize DefaultSize { get; }

    /// <summary>Equalise the histogram where neither parameter nor model's card says.</summary>
    private protected virtual bool IsEqualized => MyInvocation.BoundParameters.ContainsKey(nameof(EqualizeHistogram)) ? EqualizeHistogram : Model.Card.EqualizeHistogram;

    /// <summary>The stages of the training.</summary>
    private protected abstract ImmutableArray<TrainingStage> Stages();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        _history.Clear();
        var best = Output(BestModel);
        var final = Output(FinalModel);
        var log = HistoryPath is not null ? ResolveOutput(HistoryPath, force: true) : Checkpoint is not null ? Path.Combine(ResolveOutput(Checkpoint, force: true), "history.jsonl") : null;
        var progress = StartProgress("Training", 1000);
        var trainer = new Trainer(Model, Options())
        {
            LogPath = log,
            Checkpoint = Checkpoint is null ? null : new CheckpointOptions(ResolveOutput(Checkpoint, force: true), Resume),
            Observer = new TrainingObserver
            {
                Progress = step => progress.Update((long)(1000 * step.FractionDone), Text(step), step.Remaining),
                EpochEnded = Keep,
                Warning = warning => WriteWarning($"{warning.Message} [{warning.Id}]"),
            },
        };
        var result = Require(() => trainer.Train(Stages(), Data(), StopToken), Model);
        if (result.WasCancelled)
            throw new System.Management.Automation.PipelineStoppedException();
        Save(final, () => new MammoModel(Model.Name, Model.Graph, result.FinalWeights, Model.Card));
        Save(best, () => Model);
        if (HistoryVariable is not null)
            SessionState.PSVariable.Set(HistoryVariable, result.Epochs.ToArray());
        EndProgress();
        WriteObject(Model);
    }

    private static string Text(TrainingProgress step) =>
        FormattableString.CurrentCulture($"{step.Stage}: epoch {step.Epoch} of at most {step.EpochLimit}, step {step.Step} of {step.StepCount}, loss {step.Loss:0.0000}");

    private void Keep(EpochRecord record)
    {
        _history.Add(record);
        WriteVerbose(record.ToString());
        if (HistoryVariable is not null)
            SessionState.PSVariable.Set(HistoryVariable, _history.ToArray());
    }

    private string? Output(string? path) =>
        string.IsNullOrEmpty(path) || path.Equals("NOSAVE", StringComparison.OrdinalIgnoreCase) ? null : ResolveOutput(path, Force || Resume);

    private void Save(string? path, Func<MammoModel> model)
    {
        if (path is not null)
            Require(() => { ModelFiles.Export(model(), path, force: true); return true; }, Model);
    }

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
        AverageDecay = AverageDecay,
        RoiLoss = RegionLoss,
        CosineSchedule = CosineSchedule,
        WarmUpEpoch = WarmUpEpoch,
    };

    private TrainingData Data() => new(InModelOrder(Train), InModelOrder(Validation), Preparation())
    {
        ArePatches = ArePatches,
        Augmentation = IsAugmented ? Transforms() : null,
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
        var known = Model.Card.Classes;
        if (known.IsDefaultOrEmpty || known.SequenceEqual(dataset.Classes, StringComparer.Ordinal) || !known.ToHashSet(StringComparer.Ordinal).SetEquals(dataset.Classes))
            return dataset;
        WriteVerbose($"The classes of '{dataset.Name}' are taken in the model's order: {string.Join(", ", known)}.");
        return dataset.InOrder(known);
    }

    private Preparation Preparation()
    {
        var mean = FeaturewiseMean ?? Model.Card.FeaturewiseMean;
        if (mean is null && !NoFeaturewiseCenter)
            WriteWarning($"No feature-wise mean is known for '{Model.Name}', so the original's default {DefaultMean} is subtracted. Set -FeaturewiseMean (Get-FeaturewiseMean tells it for the training set). [{ErrorIds.PreparationAssumed}]");
        return new Preparation
        {
            Size = ImageSize ?? ModelPreparation.FixedSize(Model.Graph) ?? Model.Card.ImageSize ?? DefaultSize,
            AutoLevel = AutoLevel,
            TargetScale = TargetScale,
            RescaleFactor = RescaleFactor ?? (TargetScale is null ? Model.Card.RescaleFactor : null),
            EqualizeHistogram = IsEqualized,
            FeaturewiseMean = NoFeaturewiseCenter ? null : mean ?? DefaultMean,
        };
    }
}
