using System.Globalization;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Networks.Storage;
using Mammo.PowerShell.Common;
using Mammo.Torch.Training;
using Mammo.Torch.Training.Checkpoints;
using Mammo.Torch.Training.Runs;

namespace Mammo.Tests.Torch.Training.Checkpoints;

/// <summary>Trainings that are stopped and go on.</summary>
public sealed class ResumeTests
{
    private const int StepsInEpoch = 4;
    internal static readonly WholeImageSchedule Schedule = TinyTraining.Schedule with { Epoch = 2, AllLayerEpoch = 4 };
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("MAMMO_TEST_KILLS") ?? "3", CultureInfo.InvariantCulture);
    private static readonly WholeImageSchedule LongSchedule = Schedule with { AllLayerEpoch = 4 + (6 * Kills) };
    private readonly string _folder = Shared.NewFolder();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Checkpoints => Path.Combine(_folder, "checkpoints");

    [Theory]
    [InlineData(OptimizerKind.Sgd, 1)]
    [InlineData(OptimizerKind.Adam, 2)]
    [InlineData(OptimizerKind.Nadam, 3)]
    public void A_resumed_training_ends_like_an_uninterrupted_one(OptimizerKind optimizer, int stopAfter)
    {
        var options = TinyTraining.Options with
        {
            Optimizer = optimizer,
            AverageDecay = optimizer == OptimizerKind.Nadam ? 0.9
            : null,
            CosineSchedule = optimizer == OptimizerKind.Adam
        };
        var whole = Train(options, null);
        var stopped = Train(options, new CheckpointOptions(Checkpoints, Resume: false), stopAfter);
        Assert.True(stopped.Result.WasCancelled);
        Assert.Equal(stopAfter, stopped.Result.Epochs.Length);

        var resumed = Train(options, new CheckpointOptions(Checkpoints, Resume: true));
        Assert.True(TinyTraining.AreEqual(whole.Result.FinalWeights, resumed.Result.FinalWeights));
        Assert.True(TinyTraining.AreEqual(whole.Weights, resumed.Weights));
        Assert.Equal(whole.Result.BestEpoch, resumed.Result.BestEpoch);
        Assert.Equal(
            whole.Result.Epochs.Select(epoch => (epoch.Epoch, epoch.Stage, epoch.Loss, epoch.ValidationLoss, epoch.Auc)),
            resumed.Result.Epochs.Select(epoch => (epoch.Epoch, epoch.Stage, epoch.Loss, epoch.ValidationLoss, epoch.Auc)));

        var again = Train(options, new CheckpointOptions(Checkpoints, Resume: true));
        Assert.True(TinyTraining.AreEqual(whole.Weights, again.Weights));
    }

    /// <summary>As after Ctrl+C in a session: the model has its best weights and another weight decay by then.</summary>
    [Fact]
    public void The_very_model_that_was_stopped_can_go_on()
    {
        var whole = Train(TinyTraining.Options, null);
        using var model = TinyTraining.Model();
        Train(TinyTraining.Options, new CheckpointOptions(Checkpoints, Resume: false), stopAfter: 3, given: model);
        Assert.Single(model.Card.Lineage, step => step.Contains("3 epochs", StringComparison.Ordinal));
        var resumed = Train(TinyTraining.Options, new CheckpointOptions(Checkpoints, Resume: true), given: model);
        Assert.True(TinyTraining.AreEqual(whole.Weights, resumed.Weights));
        Assert.DoesNotContain(model.Card.Lineage, step => step.Contains("3 epochs", StringComparison.Ordinal));
        Assert.Single(model.Card.Lineage, step => step.Contains("4 epochs", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_validation_images_are_held_matters_in_the_original_alone()
    {
        Train(TinyTraining.Options, new CheckpointOptions(Checkpoints, Resume: false), stopAfter: 1);
        Assert.Equal(4, Train(TinyTraining.Options, new CheckpointOptions(Checkpoints, Resume: true), inMemory: true).Result.Epochs.Length);
        var original = TinyTraining.Options with { Compatibility = TrainingCompatibility.Keras208 };
        var folder = new CheckpointOptions(Path.Combine(_folder, "original"), Resume: true);
        Train(original, folder, stopAfter: 1);
        Assert.Equal(ErrorIds.CheckpointMismatch, Assert.Throws<MammoException>(() => Train(original, folder, inMemory: true)).ErrorId);
    }

    [Fact]
    public void A_damaged_checkpoint_gives_way_to_the_one_before()
    {
        var whole = Train(TinyTraining.Options, null);
        Train(TinyTraining.Options, new CheckpointOptions(Checkpoints, Resume: false), stopAfter: 3);
        var files = Directory.GetFiles(Checkpoints).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(2, files.Length);
        var bytes = File.ReadAllBytes(files[1]);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(files[1], bytes);

        var warnings = new List<Finding>();
        var resumed = Train(TinyTraining.Options, new CheckpointOptions(Checkpoints, Resume: true), warnings: warnings);
        Assert.Contains(warnings, warning => warning.Id == ErrorIds.CheckpointInvalid && warning.Message.Contains(files[1], StringComparison.Ordinal));
        Assert.True(TinyTraining.AreEqual(whole.Weights, resumed.Weights));

        foreach (var file in Directory.GetFiles(Checkpoints))
            File.WriteAllBytes(file, File.ReadAllBytes(file)[..100]);
        Assert.Equal(
            ErrorIds.CheckpointInvalid,
            Assert.Throws<MammoException>(() => Train(TinyTraining.Options, new CheckpointOptions(Checkpoints, Resume: true))).ErrorId);
    }

    [Fact]
    public void A_second_training_in_the_folder_is_refused_and_the_first_goes_on()
    {
        MammoException? second = null;
        var progress = new TrainingObserver
        {
            EpochEnded = epoch => second ??= Assert.Throws<MammoException>(() => Train(TinyTraining.Options, new CheckpointOptions(Checkpoints, Resume: true))),
        };
        using var model = TinyTraining.Model();
        var result = new Trainer(model, TinyTraining.Options) { Observer = progress, Checkpoint = new CheckpointOptions(Checkpoints, Resume: false) }
            .Train(TinyTraining.Stages(model, Schedule), TinyTraining.Data(_folder), Cancel);
        Assert.Equal(ErrorIds.FolderInUse, second?.ErrorId);
        Assert.Equal(4, result.Epochs.Length);
        Assert.All(Directory.GetFiles(Checkpoints), file => Assert.EndsWith(".checkpoint", file, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"Identity\":null}")]
    [InlineData("not JSON")]
    [InlineData("null")]
    public void A_checkpoint_of_another_version_gives_way_to_the_one_before(string state)
    {
        var whole = Train(TinyTraining.Options, null);
        Train(TinyTraining.Options, new CheckpointOptions(Checkpoints, Resume: false), stopAfter: 2);
        CheckpointFile.Write(Path.Combine(Checkpoints, "epoch-00003.checkpoint"), state, []);
        var warnings = new List<Finding>();
        var resumed = Train(TinyTraining.Options, new CheckpointOptions(Checkpoints, Resume: true), warnings: warnings);
        Assert.Contains(warnings, warning => warning.Id == ErrorIds.CheckpointInvalid);
        Assert.True(TinyTraining.AreEqual(whole.Weights, resumed.Weights));
    }

    [Fact]
    public void Another_number_of_threads_is_reported()
    {
        Train(TinyTraining.Options, new CheckpointOptions(Checkpoints, Resume: false), stopAfter: 1);
        var file = Directory.GetFiles(Checkpoints).Single();
        var (text, blocks) = CheckpointFile.Read(file);
        var state = TrainingState.FromJson(text);
        Assert.InRange(state.Threads, 1, 4096);
        CheckpointFile.Write(file, (state with { Threads = state.Threads + 1 }).ToJson(), [.. blocks]);
        var warnings = new List<Finding>();
        Train(TinyTraining.Options, new CheckpointOptions(Checkpoints, Resume: true), warnings: warnings);
        Assert.Contains(warnings, warning => warning.Id == ErrorIds.ThreadsDiffer);
        warnings.Clear();
        Train(TinyTraining.Options, new CheckpointOptions(Checkpoints, Resume: true), warnings: warnings);
        Assert.DoesNotContain(warnings, warning => warning.Id == ErrorIds.ThreadsDiffer);
    }

    [Fact]
    public void A_log_or_best_model_that_cannot_be_written_ends_no_training()
    {
        var log = Path.Combine(_folder, "log.jsonl");
        var warnings = new List<Finding>();
        using var model = TinyTraining.Model();
        var observer = new TrainingObserver
        {
            Warning = warnings.Add,
            // The log's place is taken by a folder after the first epoch.
            EpochEnded = epoch =>
            {
                if (File.Exists(log))
                    File.Delete(log);
                Directory.CreateDirectory(log);
            },
            BestChanged = best => ModelFiles.Export(best, Path.Combine(log, "no", "folder.safetensors"), force: true),
        };
        var result = new Trainer(model, TinyTraining.Options)
        { Observer = observer, LogPath = log }.Train(TinyTraining.Stages(model), TinyTraining.Data(_folder), Cancel);
        Assert.Equal(2, result.Epochs.Length);
        Assert.Contains(warnings, warning => warning.Id == ErrorIds.FileNotWritten && warning.Message.Contains(log, StringComparison.Ordinal));
    }

    [Fact]
    public void Other_options_or_data_are_refused_by_name()
    {
        Train(TinyTraining.Options, new CheckpointOptions(Checkpoints, Resume: false), stopAfter: 1);
        var exists = Assert.Throws<MammoException>(() => Train(TinyTraining.Options, new CheckpointOptions(Checkpoints, Resume: false)));
        Assert.Equal(ErrorIds.CheckpointExists, exists.ErrorId);

        var options = Assert.Throws<MammoException>(() => Train(TinyTraining.Options with { Seed = 99 }, new CheckpointOptions(Checkpoints, Resume: true)));
        Assert.Equal(ErrorIds.CheckpointMismatch, options.ErrorId);
        Assert.Contains("Seed was 7, is 99", options.Message, StringComparison.Ordinal);

        var film = Path.Combine(_folder, "train-0.pgm");
        var bytes = File.ReadAllBytes(film);
        bytes[^1] ^= 1;
        var data = Assert.Throws<MammoException>(
            () => Train(TinyTraining.Options, new CheckpointOptions(Checkpoints, Resume: true), prepare: () => File.WriteAllBytes(film, bytes)));
        Assert.Equal(ErrorIds.CheckpointMismatch, data.ErrorId);
        Assert.Contains("Training images", data.Message, StringComparison.Ordinal);
    }

    /// <summary>A process is killed at random moments and started again until it is through.</summary>
    [Fact]
    public async Task A_killed_training_loses_at_most_the_running_epoch()
    {
        var whole = Train(TinyTraining.Options, null, schedule: LongSchedule);
        var random = new Random(5);
        for (var (round, epochs) = (0, 0); round <= Kills; round++)
        {
            var isKilled = round < Kills;

            // From the second epoch to the seventh: with as many for each kill, none comes too late.
            var lastStep = isKilled ? random.Next(StepsInEpoch + 1, 6 * StepsInEpoch) : int.MaxValue;
            using var child = ChildProcess.StartTask(
                TrainTask.Name, _folder, FormattableString.Invariant($"{lastStep}"),
                FormattableString.Invariant($"{LongSchedule.AllLayerEpoch}"));
            if (isKilled)
            {
                while (!child.HasExited && Reported() == epochs)
                    await Task.Delay(20, Cancel);
                await Task.Delay(random.Next(0, 1000), Cancel);
                child.Kill();
            }

            await child.WaitForExitAsync(Cancel);
            Assert.Equal(isKilled, child.ExitCode != 0);
            Assert.InRange(Reported(), epochs + 1, Directory.GetFiles(Checkpoints, "*.checkpoint").Max(Epoch));
            epochs = Reported();
        }

        var resumed = Train(TinyTraining.Options, new CheckpointOptions(Checkpoints, Resume: true), schedule: LongSchedule);
        Assert.True(TinyTraining.AreEqual(whole.Weights, resumed.Weights));
        Assert.True(TinyTraining.AreEqual(whole.Result.FinalWeights, resumed.Result.FinalWeights));
    }

    private static int Epoch(string checkpoint) => int.Parse(Path.GetFileNameWithoutExtension(checkpoint).Split('-')[1], CultureInfo.InvariantCulture);

    /// <summary>Epochs in the file into which the child may be writing.</summary>
    private int Reported()
    {
        using var stream = new FileStream(Path.Combine(_folder, TrainTask.EpochsFile), FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Count(letter => letter == '\n');
    }

    private (TrainingResult Result, IReadOnlyDictionary<string, Weight> Weights) Train(
        TrainingOptions options, CheckpointOptions? checkpoint, int? stopAfter = null, List<Finding>? warnings = null, Action? prepare = null,
        WholeImageSchedule? schedule = null,
        MammoModel? given = null, bool inMemory = false)
    {
        var data = TinyTraining.Data(_folder) with { LoadValidationRam = inMemory };
        prepare?.Invoke();
        using var made = given is null ? TinyTraining.Model() : null;
        var model = given ?? made!;
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var observer = new TrainingObserver
        {
            Warning = warning => warnings?.Add(warning),
            EpochEnded = epoch =>
            {
                if (epoch.Epoch == stopAfter)
                    cancellation.Cancel();
            },
        };
        var result = new Trainer(
            model, options)
        { Observer = observer, Checkpoint = checkpoint }.Train(TinyTraining.Stages(model, schedule ?? Schedule), data, cancellation.Token);
        return (result, model.Weights);
    }
}
