using System.Globalization;
using Mammo.Data.Datasets;
using Mammo.Networks.Files.Onnx;
using Mammo.Networks.Graphs;
using Mammo.Networks.Graphs.Rewriting;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Engines;
using Mammo.Scoring.Prediction;
using Microsoft.ML.OnnxRuntime;

namespace Mammo.Benchmarks;

/// <summary>
/// Whole-image prediction with four flips against a bare ONNX Runtime session that is fed with ready tensors of three channels, in one run:
/// <c>--model vgg16,resnet50 --engine onnx,torch --images examples/data --rounds 3</c>.
/// </summary>
internal static class PredictBenchmark
{
    private const int Flips = 4;

    public static void Run(Arguments arguments)
    {
        var images = Directory.GetFiles(arguments.Text("images", "examples/data"), "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{BenchmarkModels.Height}x{BenchmarkModels.Width}, {Environment.ProcessorCount} processors, {images.Length} files, four flips, times per file\n"));
        foreach (var name in arguments.List("model", "vgg16,resnet50"))
        {
            using var model = BenchmarkModels.Make(name);
            using var sessionOptions = new SessionOptions();
            using var bare = new BareSession(OnnxFile.Bytes(new InferenceForm(model.Graph, model.Weights)), sessionOptions, batch: 1);
            var candidates = new List<Candidate> { new("bare ONNX Runtime, ready tensors", 1, () => Repeat(bare.Run, Flips)) };
            foreach (var engine in arguments.List("engine", "onnx,torch").Select(word => Enum.Parse<EngineKind>(word, ignoreCase: true)))
                candidates.AddRange(OfEngine(model, engine, images));
            Console.WriteLine($"{name}\n\n{Comparison.Run(candidates, arguments.Number("rounds", 3), arguments.Number("attempts", 1))}");
        }
    }

    /// <summary>The engine alone on four ready planes, and everything from the files to the scores.</summary>
    private static IEnumerable<Candidate> OfEngine(MammoModel model, EngineKind kind, string[] images)
    {
        var options = new PredictorOptions
        { Engine = kind, Device = "cpu", Augment = true, Preparation = new() { RescaleFactor = 255.0 / 65535, FeaturewiseMean = 52.18 } };
        var engine = EngineFactory.For(model, options);
        PlaneBatch[] flips = [
            .. Enumerable.Range(0, Flips).Select(seed => new PlaneBatch(BenchmarkModels.Height, BenchmarkModels.Width, [BenchmarkModels.Plane(seed)]))];
        return
        [
            new Candidate($"{engine.Name}, ready planes", 1, () => Array.ForEach(flips, plane => engine.Run(plane))),
            new Candidate($"{engine.Name}, files to scores", images.Length, () => Score(model, options, images)),
        ];
    }

    private static void Score(MammoModel model, PredictorOptions options, string[] images)
    {
        using var predictor = new Predictor([model], options);
        var results = images.SelectMany(image => predictor.Add(new MammoImage(image))).ToList();
        results.AddRange(predictor.Finish());
        if (results.FirstOrDefault(result => result.Failure is not null) is { Failure: var failure })
            throw failure!;
    }

    private static void Repeat(Action action, int times)
    {
        for (var time = 0; time < times; time++)
            action();
    }
}
