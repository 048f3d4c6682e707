using System.Diagnostics;
using System.Globalization;
using System.Text;
using Mammo.Data.Augmentation;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Torch.Training;
using Mammo.Torch.Training.Runs;

namespace Mammo.Benchmarks;

/// <summary>
/// Training steps of a full-width whole-image network on films from disk, and the peak of memory; one variant a process, since the peak is the process's:
/// <c>--model vgg16 --batch 2 --steps 4 --checkpoint 1 --optimizer adam --workers 1</c>.
/// </summary>
internal static class TrainingBenchmark
{
    public static void Run(Arguments arguments)
    {
        var folder = Directory.CreateTempSubdirectory("mammo-training-").FullName;
        try
        {
            Run(arguments, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Run(Arguments arguments, string folder)
    {
        var (batch, steps, checkpoint) = (arguments.Number("batch", 2), arguments.Number("steps", 4), arguments.Number("checkpoint", 1) != 0);
        using var model = BenchmarkModels.Make(arguments.Text("model", "vgg16"));
        var data = new TrainingData(Films(folder, "train", batch * steps), Films(folder, "validation", 2), new Preparation
        {
            Size = new ImageSize(BenchmarkModels.Height, BenchmarkModels.Width),
            RescaleFactor = 255.0 / 65535,
            FeaturewiseMean = 52.18,
        })
        {
            Augmentation = AugmentationOptions.Original,
            WorkerCount = arguments.Number("workers", 1),
        };
        var options = new TrainingOptions
        {
            BatchSize = batch,
            TrainBatchMultiplier = 1,
            Optimizer = Enum.Parse<OptimizerKind>(arguments.Text("optimizer", "adam"), ignoreCase: true),
            GradientCheckpoint = checkpoint,
            Device = "cpu",
        };
        var times = new List<double>();
        var watch = Stopwatch.StartNew();
        var observer = new TrainingObserver
        {
            Progress = _ =>
            {
                times.Add(watch.Elapsed.TotalSeconds);
                watch.Restart();
            },
        };
        var stages = new WholeImageSchedule { Epoch = 0, AllLayerEpoch = 1, LearningRate = 1e-5 }.Stages(model.Graph, TrainingCompatibility.Default);
        var result = new Trainer(model, options) { Observer = observer }.Train(stages, data);

        // The first step also loads and warms up what later ones find ready.
        var later = times.Skip(1).Order().ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{model.Name}, {data.Preparation.Size}, batch {batch}, {options.Optimizer}, {(checkpoint ? "checkpointed gradients" : "plain gradients")}: "
            + $"{later[later.Length / 2]:F1} s a step (median of {later.Length}), waiting {result.Epochs[0].WaitingShare:P1}, peak "
                + $"{Process.GetCurrentProcess().PeakWorkingSet64 / 1073741824.0:F2} GiB"));
    }

    /// <summary>Noise in 16 bits, larger than the network's input.</summary>
    internal static MammoDataset Films(string folder, string name, int count)
    {
        const int Rows = 1800;
        const int Columns = 1400;
        var random = new Random(count);
        return new MammoDataset(name, ["neg", "pos"], [.. Enumerable.Range(0, count).Select(index =>
        {
            var pixels = new byte[Rows * Columns * 2];
            random.NextBytes(pixels);
            var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{index}.pgm"));
            File.WriteAllBytes(path, [.. Encoding.ASCII.GetBytes($"P5\n{Columns} {Rows}\n65535\n"), .. pixels]);
            return new MammoImage(path) { Class = index % 2 == 0 ? "neg" : "pos", Label = index % 2 };
        })]);
    }
}
