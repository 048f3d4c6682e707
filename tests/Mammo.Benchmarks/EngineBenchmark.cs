using System.Diagnostics;
using System.Globalization;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Networks.Files.Onnx;
using Mammo.Networks.Graphs.Rewriting;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Engines;
using Mammo.Scoring.Managed;
using Mammo.Scoring.Prediction;
using Microsoft.ML.OnnxRuntime;

namespace Mammo.Benchmarks;

/// <summary>
/// Mammo's own engine beside ONNX Runtime: <c>--what speed</c> (files to scores with four flips, film by film, beside a bare session with ready tensors, and
/// one thread beside two; with <c>--engine auto</c> by the engine that the automatic choice takes), <c>--what trial</c> (what the automatic choice finds),
/// or <c>--what mammo-memory</c> and <c>onnx-memory</c> (peak of a process of its own).
/// </summary>
internal static class EngineBenchmark
{
    private const int Flips = 4;

    public static void Run(Arguments arguments)
    {
        Console.WriteLine($"{TrialKey.Of(BenchmarkModels.Make("resnet_small").Graph, new(64, 64)).Processor}, {Environment.ProcessorCount} processors\n");
        foreach (var name in arguments.List("model", "vgg16,resnet50"))
        {
            using var model = BenchmarkModels.Make(name);
            switch (arguments.Text("what", "speed"))
            {
                case "trial":
                    var size = new ImageSize(BenchmarkModels.Height, BenchmarkModels.Width);
                    Console.WriteLine($"{name}: {EngineFactory.For(model, Options(EngineKind.Auto, skips: true), size: size).Decision}");
                    break;
                case "mammo-memory":
                    Memory(model, EngineKind.Mammo);
                    break;
                case "onnx-memory":
                    Memory(model, EngineKind.Onnx);
                    break;
                default:
                    Speed(name, model, arguments);
                    break;
            }
        }
    }

    private static void Speed(string name, MammoModel model, Arguments arguments)
    {
        using var sessionOptions = new SessionOptions();
        using var bare = new BareSession(OnnxFile.Bytes(new InferenceForm(model.Graph, model.Weights)), sessionOptions, batch: 1);
        var films = Files(arguments.Text("images", "examples/data"));
        var engine = Enum.Parse<EngineKind>(arguments.Text("engine", "mammo"), ignoreCase: true);
        var scoredBy = engine.ToString().ToLowerInvariant();
        using var whole = new Predictor([model], Options(engine, skips: false));
        using var skipping = new Predictor([model], Options(engine, skips: true));
        var candidates = new List<Candidate>
        {
            // As many items as there are films, so that each candidate has as many chances of a quiet moment.
            new("bare ONNX Runtime, ready tensors", 1, [.. Enumerable.Repeat(() => Repeat(bare.Run), films.Length)], bare.Run),
            OfFilms($"{scoredBy}, films, background computed", whole, films),
            OfFilms($"{scoredBy}, films", skipping, films),
        };
        if (arguments.Text("suppressed", "") is { Length: > 0 } folder)
            candidates.Add(OfFilms($"{scoredBy}, films without artefacts", skipping, Files(folder)));
        Console.WriteLine($"{name}, files to scores\n\n{Comparison.Run(candidates, arguments.Number("rounds", 2))}");
        if (engine == EngineKind.Mammo)
            Threads(name, model, arguments);
    }

    private static void Threads(string name, MammoModel model, Arguments arguments)
    {
        var plane = new PlaneBatch(BenchmarkModels.Height, BenchmarkModels.Width, [BenchmarkModels.Plane(1)]);
        using var all = new ManagedEngine(model.Graph, model.Weights, new ManagedOptions());
        var single = Enumerable.Range(0, ProcessorCores.Count)
            .Select(_ => new ManagedEngine(model.Graph, model.Weights, new ManagedOptions { Threads = 1 })).ToArray();
        Candidate[] threads =
        [
            new("mammo, one thread", 1, () => single[0].Run(plane)),
            new("mammo, a thread for each core", 1, () => all.Run(plane)),
            // What the machine allows: no engine waits for another.
            new("mammo, an engine of one thread for each core", single.Length, () => Parallel.ForEach(single, engine => engine.Run(plane))),
        ];
        Console.WriteLine($"{name}, threads\n\n{Comparison.Run(threads, arguments.Number("rounds", 2) + 3)}");
        foreach (var each in single)
            each.Dispose();
    }

    private static void Memory(MammoModel model, EngineKind kind)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.PeakWorkingSet64;
        var engine = EngineFactory.For(model, Options(kind, skips: true));
        for (var run = 0; run < 2; run++)
            engine.Run(new PlaneBatch(BenchmarkModels.Height, BenchmarkModels.Width, [BenchmarkModels.Plane(run)]));
        process.Refresh();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{model.Graph.Name}, {engine.Name}: peak {process.PeakWorkingSet64 >> 20} MB, with the model alone {before >> 20} MB"));
    }

    private static string[] Files(string folder) =>
        [.. Directory.GetFiles(folder, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static PredictorOptions Options(EngineKind engine, bool skips) => new()
    {
        Engine = engine,
        Device = "cpu",
        Augment = true,
        SkipBackground = skips,
        Preparation = new() { RescaleFactor = 255.0 / 65535, FeaturewiseMean = 52.18 },
    };

    /// <summary>From a film's file to its score, film by film, so that no film is decoded while another is scored.</summary>
    private static Candidate OfFilms(string name, Predictor predictor, string[] films) =>
        new(name, 1, [.. films.Select<string, Action>(film => () => Score(predictor, film))]);

    private static void Score(Predictor predictor, string film)
    {
        foreach (var result in predictor.Add(new MammoImage(film)).Concat(predictor.Finish()))
        {
            if (result.Failure is { } failure)
                throw failure;
        }
    }

    private static void Repeat(Action action)
    {
        for (var time = 0; time < Flips; time++)
            action();
    }
}
