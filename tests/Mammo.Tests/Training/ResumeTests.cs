using System.Diagnostics;
using Mammo.Networks.Graphs;
using Mammo.Networks.Inference;
using Mammo.Networks.Training;

namespace Mammo.Tests.Training;

/// <summary>Trainings that are stopped and go on.</summary>
public sealed class ResumeTests : IDisposable
{
    private const string ChildFolder = "MAMMO_TEST_TRAINING_FOLDER";
    private static readonly WholeImageSchedule Schedule = TinyTraining.Schedule with { Epoch = 2, AllLayerEpoch = 4 };
    private readonly string _folder = Shared.NewFolder();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Checkpoints => Path.Combine(_folder, "checkpoints");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(OptimizerKind.Sgd, 1)]
    [InlineData(OptimizerKind.Adam, 2)]
    [InlineData(OptimizerKind.Nadam, 3)]
    public void A_resumed_training_ends_like_an_uninterrupted_one(OptimizerKind optimizer, int stopAfter)
    {
        var options = TinyTraining.Options with { Optimizer = optimizer, AverageDecay = optimizer == OptimizerKind.Nadam ? 0.9 : null, CosineSchedule = optimizer == OptimizerKind.Adam };
        var whole = Train(options, null);
        var stopped = Train(options, new CheckpointOptions(Checkpoints, Resume: false), stopAfter);
        Assert.True(stopped.Result.WasCancelled);
        Assert.Equal(stopAfter, stopped.Result.Epochs.Length);

        var resumed = Train(options, new CheckpointOptions(Checkpoints, Resume: true));
        Assert.True(TinyTraining.AreEqual(whole.Result.FinalWeights, resumed.Result.FinalWeights));
        Assert.True(TinyTraining.AreEqual(whole.Weights, resumed.Weights));
        Assert.Equal(whole.Result.BestEpoch, resumed.Result.BestEpoch);
        Assert.Equal(whole.Result.Epochs.Select(epoch => (epoch.Epoch, epoch.Stage, epoch.Loss, epoch.ValidationLoss, epoch.Auc)), resumed.Result.Epochs.Select(epoch => (epoch.Epoch, epoch.Stage, epoch.Loss, epoch.ValidationLoss, epoch.Auc)));

        var again = Train(options, new CheckpointOptions(Checkpoints, Resume: true));
        Assert.True(TinyTraining.AreEqual(whole.Weights, again.Weights));
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

        var warnings = new List<InputWarning>();
        var resumed = Train(TinyTraining.Options, new CheckpointOptions(Checkpoints, Resume: true), warnings: warnings);
        Assert.Contains(warnings, warning => warning.Id == ErrorIds.CheckpointInvalid && warning.Message.Contains(files[1], StringComparison.Ordinal));
        Assert.True(TinyTraining.AreEqual(whole.Weights, resumed.Weights));

        foreach (var file in Directory.GetFiles(Checkpoints))
            File.WriteAllBytes(file, File.ReadAllBytes(file)[..100]);
        Assert.Equal(ErrorIds.CheckpointInvalid, Assert.Throws<MammoException>(() => Train(TinyTraining.Options, new CheckpointOptions(Checkpoints, Resume: true))).ErrorId);
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
        var data = Assert.Throws<MammoException>(() => Train(TinyTraining.Options, new CheckpointOptions(Checkpoints, Resume: true), prepare: () => File.WriteAllBytes(film, bytes)));
        Assert.Equal(ErrorIds.CheckpointMismatch, data.ErrorId);
        Assert.Contains("Training images", data.Message, StringComparison.Ordinal);
    }

    /// <summary>A process is killed at random moments and started again until it is through.</summary>
    [Fact]
    public async Task A_killed_training_loses_at_most_the_running_epoch()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("MAMMO_TEST_KILLS") ?? "3", System.Globalization.CultureInfo.InvariantCulture);
        var whole = Train(TinyTraining.Options, null);
        var random = new Random(5);
        var epochs = 0;
        for (var killed = 0; killed <= kills; killed++)
        {
            using var child = StartChild();
            if (killed < kills)
                await Task.Delay(random.Next(1500, 6000), Cancel);
            else
                await child.WaitForExitAsync(Cancel);
            if (!child.HasExited)
                child.Kill();
            await child.WaitForExitAsync(Cancel);
            var reported = File.Exists(Path.Combine(_folder, "epochs.txt")) ? File.ReadAllLines(Path.Combine(_folder, "epochs.txt")).Length : 0;
            var kept = Directory.Exists(Checkpoints) ? Directory.GetFiles(Checkpoints, "*.checkpoint").Length : 0;
            Assert.True(kept >= Math.Min(reported, 2), $"{reported} epochs were reported, but {kept} checkpoints are there.");
            Assert.True(reported >= epochs);
            epochs = reported;
        }

        var resumed = Train(TinyTraining.Options, new CheckpointOptions(Checkpoints, Resume: true));
        Assert.True(TinyTraining.AreEqual(whole.Weights, resumed.Weights));
        Assert.True(TinyTraining.AreEqual(whole.Result.FinalWeights, resumed.Result.FinalWeights));
    }

    /// <summary>What the child process of the test above does; by itself it is skipped.</summary>
    [Fact]
    public void Child_of_the_kill_test()
    {
        var folder = Environment.GetEnvironmentVariable(ChildFolder);
        Assert.SkipWhen(folder is null, "Runs in the child process of the kill test.");
        using var model = TinyTraining.Model();
        var observer = new TrainingObserver { EpochEnded = epoch => File.AppendAllText(Path.Combine(folder, "epochs.txt"), FormattableString.Invariant($"{epoch.Epoch}\n")) };
        new Trainer(model, TinyTraining.Options) { Observer = observer, Checkpoint = new CheckpointOptions(Path.Combine(folder, "checkpoints"), Resume: true) }
            .Train(TinyTraining.Stages(model, Schedule), TinyTraining.Data(folder), Cancel);
    }

    private Process StartChild()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ResumeTests).Assembly.Location, "-method", $"{typeof(ResumeTests).FullName}.{nameof(Child_of_the_kill_test)}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[ChildFolder] = _folder;
        var child = Process.Start(start)!;
        child.OutputDataReceived += (_, _) => { };
        child.ErrorDataReceived += (_, _) => { };
        child.BeginOutputReadLine();
        child.BeginErrorReadLine();
        return child;
    }

    private (TrainingResult Result, IReadOnlyDictionary<string, Weight> Weights) Train(
        TrainingOptions options, CheckpointOptions? checkpoint, int? stopAfter = null, List<InputWarning>? warnings = null, Action? prepare = null)
    {
        var data = TinyTraining.Data(_folder);
        prepare?.Invoke();
        using var model = TinyTraining.Model();
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
        var result = new Trainer(model, options) { Observer = observer, Checkpoint = checkpoint }.Train(TinyTraining.Stages(model, Schedule), data, cancellation.Token);
        return (result, model.Weights);
    }
}
