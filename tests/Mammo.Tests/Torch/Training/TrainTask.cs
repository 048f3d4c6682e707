using System.Globalization;
using Mammo.Tests.Torch.Training.Checkpoints;
using Mammo.Torch.Training;
using Mammo.Torch.Training.Checkpoints;
using Mammo.Torch.Training.Runs;

namespace Mammo.Tests.Torch.Training;

/// <summary>A training in a process of its own, to be killed: it goes on from the newest checkpoint, and reports each epoch with a line in a file.</summary>
internal static class TrainTask
{
    public const string Name = "train";
    public const string EpochsFile = "epochs.txt";

    /// <summary>Its arguments: the folder, the step of this process at which it waits to be killed, the epoch at which the training ends.</summary>
    public static void Run(string[] arguments)
    {
        var (folder, lastStep, lastEpoch) = (arguments[0], Number(arguments[1]), Number(arguments[2]));
        var steps = 0;
        var observer = new TrainingObserver
        {
            Progress = _ =>
            {
                if (++steps == lastStep)
                    Thread.Sleep(Timeout.Infinite);
            },
            EpochEnded = epoch => File.AppendAllText(Path.Combine(folder, EpochsFile), FormattableString.Invariant($"{epoch.Epoch}\n")),
        };
        using var model = TinyTraining.Model();
        new Trainer(model, TinyTraining.Options) { Observer = observer, Checkpoint = new CheckpointOptions(Path.Combine(folder, "checkpoints"), Resume: true) }
            .Train(TinyTraining.Stages(model, ResumeTests.Schedule with { AllLayerEpoch = lastEpoch }), TinyTraining.Data(folder), CancellationToken.None);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
