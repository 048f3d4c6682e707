using System.Diagnostics;
using System.Globalization;
using Mammo.Data.Augmentation;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Networks.Architectures;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Heatmaps;
using Mammo.Scoring.Prediction;
using Mammo.Torch.Training;
using Mammo.Torch.Training.Runs;

namespace Mammo.Benchmarks;

/// <summary>
/// How long work goes on after Ctrl+C at random moments, at full width: <c>--model vgg16,resnet50 --job predict-onnx,train-all --trials 5 --batch 4
/// --longest 20</c> (seconds from the start to the latest moment).
/// </summary>
internal static class CancelBenchmark
{
    private static readonly ImageSize Size = new(BenchmarkModels.Height, BenchmarkModels.Width);

    private static readonly Preparation Preparation = new() { Size = Size, RescaleFactor = 255.0 / 65535, FeaturewiseMean = 52.18 };

    private const string Jobs =
        "predict-onnx,predict-mammo,predict-torch,heatmap-forward,heatmap-sweep,heatmap-gradcam,train-top,train-all,train-checkpointed";

    public static void Run(Arguments arguments)
    {
        var folder = Directory.CreateTempSubdirectory("mammo-cancel-").FullName;
        try
        {
            var random = new Random(arguments.Number("seed", Environment.TickCount));
            Console.WriteLine("| network | work | trials | shortest s | median s | longest s |\n| --- | --- | ---: | ---: | ---: | ---: |");
            foreach (var name in arguments.List("model", "vgg16,resnet50"))
            {
                using var patch = ModelFactory.Patch(new PatchOptions { Architecture = name }, seed: 1);
                using var model = BenchmarkModels.Make(name);
                var films = new Films(TrainingBenchmark.Films(folder, name, 16), TrainingBenchmark.Films(folder, name + "-validation", 4));
                foreach (var job in arguments.List("job", Jobs))
                {
                    var work = Work(job, job is "heatmap-sweep" or "heatmap-forward" ? patch : model, films, arguments.Number("batch", 4));

                    // One moment in each of equal stretches of time.
                    var trials = arguments.Number("trials", 5);
                    var times = Enumerable.Range(0, trials)
                        .Select(trial => Trial(work, TimeSpan.FromSeconds(1 + ((trial + random.NextDouble()) * arguments.Number("longest", 12) / trials))))
                        .Order().ToArray();
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"| {name} | {job} | {times.Length} | {times[0]:F2} | {times[times.Length / 2]:F2} | {times[^1]:F2} |"));
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Trial(Action<CancellationToken> work, TimeSpan after)
    {
        using var source = new CancellationTokenSource();
        var run = Task.Run(() => work(source.Token));
        if (run.Wait(after))
            throw new InvalidOperationException("The work ended before it was cancelled; give more of it.");
        var watch = Stopwatch.StartNew();
        source.Cancel();
        try
        {
            run.Wait();
        }
        catch (AggregateException error) when (error.InnerException is OperationCanceledException)
        {
            // As it should be.
        }

        return watch.Elapsed.TotalSeconds;
    }

    private static Action<CancellationToken> Work(string job, MammoModel model, Films films, int batch)
    {
        var images = new PredictorOptions
        {
            Engine = job.StartsWith("predict-", StringComparison.Ordinal)
                ? Enum.Parse<EngineKind>(job["predict-".Length..], ignoreCase: true) : EngineKind.Auto,
            Device = "cpu",
            Augment = true,
            BatchSize = batch,
            Preparation = new() { ImageSize = Size, RescaleFactor = Preparation.RescaleFactor, FeaturewiseMean = 52.18 },
        };
        return job switch
        {
            "heatmap-forward" or "heatmap-sweep" or "heatmap-gradcam" => cancellation => Heatmaps(
                model,
                new HeatmapOptions
                {
                    Kind = Enum.Parse<HeatmapKind>(job["heatmap-".Length..], ignoreCase: true),
                    Images = images with { Augment = false, BatchSize = job == "heatmap-sweep" ? 0 : batch }
                },
                films.Train,
                cancellation),
            "train-top" or "train-all" or "train-checkpointed" => cancellation => Train(job, model, films, batch, cancellation),
            _ => cancellation => Predict(model, images, films.Train, cancellation),
        };
    }

    private static void Predict(MammoModel model, PredictorOptions options, MammoDataset films, CancellationToken cancellation)
    {
        using var predictor = new Predictor([model], options, cancellation);
        _ = films.Images.Concat(films.Images).SelectMany(predictor.Add).Count();
    }

    private static void Heatmaps(MammoModel model, HeatmapOptions options, MammoDataset films, CancellationToken cancellation)
    {
        using var maker = new HeatmapMaker(model, options, cancellation);
        _ = films.Images.Concat(films.Images).SelectMany(maker.Add).Count();
    }

    // Groups of two batches.
    private static void Train(string job, MammoModel model, Films films, int batch, CancellationToken cancellation)
    {
        var options = new TrainingOptions
        {
            BatchSize = batch,
            TrainBatchMultiplier = 1,
            AccumulateStep = 2,
            Optimizer = OptimizerKind.Adam,
            GradientCheckpoint = job == "train-checkpointed",
            Device = "cpu",
        };
        var schedule = job == "train-top" ? new WholeImageSchedule { Epoch = 1, AllLayerEpoch = 0 } : new WholeImageSchedule { Epoch = 0, AllLayerEpoch = 1 };
        new Trainer(model, options).Train(
            schedule.Stages(model.Graph, TrainingCompatibility.Default),
            new TrainingData(films.Train, films.Validation, Preparation) { Augmentation = AugmentationOptions.Original },
            cancellation);
    }

    private sealed record Films(MammoDataset Train, MammoDataset Validation);
}
