using System.Collections.Immutable;
using Mammo.Data.Datasets;
using Mammo.Networks.Models;
using Mammo.Networks.Storage;
using Mammo.PowerShell.Common;
using Mammo.Torch.Training;
using Mammo.Torch.Training.Checkpoints;
using Mammo.Torch.Training.Checks;
using Mammo.Torch.Training.Runs;

namespace Mammo.PowerShell.Training;

/// <summary>What the two training cmdlets share: from parameters to the trainer, and from its reports to the pipeline.</summary>
public abstract partial class TrainingCommand : PreparationCommand
{
    private readonly List<EpochRecord> _history = [];

    /// <summary>Random transforms of the training images are on.</summary>
    private protected abstract bool IsAugmented { get; }

    /// <summary>The images are patches.</summary>
    private protected abstract bool ArePatches { get; }

    /// <summary>All datasets of the training.</summary>
    private protected virtual IEnumerable<MammoDataset> Sets => [Train, Validation];

    /// <summary>Classes within a batch weigh the same.</summary>
    private protected abstract bool IsBalanced { get; }

    /// <summary>Factor on the loss of regions of interest.</summary>
    private protected virtual double LossOfRois => 0;

    /// <summary>By what the best epoch is chosen.</summary>
    private protected abstract BestCriterion BestBy { get; }

    /// <summary>Which of the original's defaults of the preparation hold.</summary>
    private protected abstract PreparationUse Use { get; }

    /// <summary>The stages of the training.</summary>
    private protected abstract ImmutableArray<TrainingStage> Stages();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        _history.Clear();
        WriteNotes(Model);
        WriteFindings(Sets);
        Require<object?>(() => { Ensemble.RequireSingle(Model, "one network is trained at a time"); return null; }, Model);
        var (stages, data) = Require(() => (Stages(), Data()), Model);
        WarnOfIdleParameters();
        var last = stages.Max(stage => stage.EpochLimit);
        if (!ShouldProcess(Model.Name, FormattableString.CurrentCulture($"Train on {data.Train.Count} images, to epoch {last} at the latest")))
        {
            // What a training of hours would stumble over in its first minutes.
            var dry = new Trainer(Model, Options()) { Observer = new TrainingObserver { Warning = WriteFinding } };
            Require(() => { dry.Check(stages, data, StopToken); return true; }, Model);
            return;
        }

        var (best, final, log) = Require(Outputs);
        var progress = StartProgress("Training", 1000);
        var trainer = new Trainer(Model, Options())
        {
            LogPath = log,
            Checkpoint = Checkpoint is null ? null : new CheckpointOptions(ResolveOutput(Checkpoint, force: true), Resume),
            Observer = new TrainingObserver
            {
                Progress = step => progress.Update((long)(1000 * step.FractionDone), Text(step), step.Remaining),
                EpochEnded = Keep,
                BestChanged = best is null ? null : model => ModelFiles.Export(model, best, force: true),
                Warning = WriteFinding,
            },
        };
        var result = Require(() => trainer.Train(stages, data, StopToken), Model);
        if (result.WasCancelled)
            throw new System.Management.Automation.PipelineStoppedException();
        var lastWeights = FormattableString.Invariant($"weights after the last epoch, {result.Epochs.Length}");
        Save(final, () => new MammoModel(Model.Name, Model.Graph, result.FinalWeights, Model.Card with { Lineage = [.. Model.Card.Lineage, lastWeights] }));
        Save(best, () => Model);
        if (HistoryVariable is not null)
            SessionState.PSVariable.Set(HistoryVariable, result.Epochs.ToArray());
        EndProgress();
        WriteObject(Model);
    }

    private static string Text(TrainingProgress step) =>
        FormattableString.CurrentCulture(
            $"{step.Stage}: epoch {step.Epoch} of at most {step.EpochLimit}, step {step.Step} of {step.StepCount}, loss {step.Loss:0.0000}");

    private void Keep(EpochRecord record)
    {
        _history.Add(record);
        WriteVerbose(record.ToString());
        if (HistoryVariable is not null)
            SessionState.PSVariable.Set(HistoryVariable, _history.ToArray());
    }

    /// <summary>The files to write, checked before hours are spent.</summary>
    private (string? Best, string? Final, string? Log) Outputs()
    {
        if (Resume && Checkpoint is null)
            throw new MammoException(ErrorIds.TrainingOptionInvalid, "-Resume has no checkpoint to go on from.", "Name the folder with -Checkpoint.");
        var (best, final) = (Output(BestModel), Output(FinalModel));
        if (best is not null && best == final)
            throw new MammoException(
                ErrorIds.TrainingOptionInvalid, $"-BestModel and -FinalModel are the same file, '{best}'.", "Give them different names.", best);
        var log = HistoryPath is not null ? OutputPath(HistoryPath, Force || Resume) : Checkpoint is not null
            ? Path.Combine(OutputPath(Checkpoint, force: true), "history.jsonl") : null;

        // The old file and the new one, while it is replaced.
        foreach (var path in new[] { best, final }.OfType<string>())
            OutputChecks.RequireRoom(Path.GetDirectoryName(path)!, 2 * sizeof(float) * Model.ParameterCount);
        return (best, final, log);
    }

    private string? Output(string? path)
    {
        if (string.IsNullOrEmpty(path) || path.Equals("NOSAVE", StringComparison.OrdinalIgnoreCase))
            return null;
        return !Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase)
            ? OutputPath(path, Force || Resume)
            : throw new MammoException(
                ErrorIds.TrainingOptionInvalid,
                $"'{path}' would hold safetensors, not ONNX.",
                "Name a .safetensors file, and write ONNX with Export-MammoModel afterwards.",
                path);
    }

    private void Save(string? path, Func<MammoModel> model)
    {
        if (path is not null)
            Require(() => { ModelFiles.Export(model(), path, force: true); return true; }, Model);
    }
}
