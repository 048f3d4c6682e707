using System.Globalization;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Networks.Files.Keras;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Engines;
using Mammo.Scoring.Managed;
using Mammo.Torch;

namespace Mammo.Benchmarks;

/// <summary>
/// What Mammo's own engine and ONNX Runtime give for films beside float64, over all outputs of a network: <c>--model vgg16,resnet50</c> (full width, random
/// weights, 1152x896) or <c>--files FOLDER</c> (Keras files; 288x224 where a network takes any size). No figure depends on what else the machine does.
/// </summary>
internal static class AccuracyBenchmark
{
    private static readonly ImageSize AnySize = new(288, 224);

    public static void Run(Arguments arguments)
    {
        string[] films = [.. Directory.GetFiles(arguments.Text("images", "examples/data"), "*.png").Order(StringComparer.Ordinal)];
        Console.WriteLine(
            $"{films.Length} films\n\n| network | size | Mammo, greatest | mean | ONNX Runtime, greatest | mean | ratio |\n"
            + "| --- | --- | ---: | ---: | ---: | ---: | ---: |");
        if (arguments.Text("files", "") is { Length: > 0 } folder)
        {
            foreach (var path in Directory.GetFiles(folder, "*.h5").Where(path => !IsWeightsOnly(path)).Order(StringComparer.Ordinal))
            {
                var file = KerasFile.Read(path);
                Compare(Path.GetFileNameWithoutExtension(path), file.Graph, file.Weights, films);
            }

            return;
        }

        foreach (var name in arguments.List("model", "resnet50,vgg16"))
        {
            using var model = BenchmarkModels.Make(name);
            Compare(name, model.Graph, model.Weights, films);
        }
    }

    // Such files hold no network; their names say so.
    private static bool IsWeightsOnly(string path) => path.EndsWith("_weights_only.h5", StringComparison.Ordinal);

    private static void Compare(string name, LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, string[] films)
    {
        var shape = ((LayerKind.Input)graph[graph.Inputs[0]].Kind).Shape.Sizes;
        var size = new ImageSize(shape[0] ?? AnySize.Height, shape[1] ?? AnySize.Width);
        var preparation = new Preparation { Size = size, RescaleFactor = 255.0 / 65535, FeaturewiseMean = 52.18 };
        var planes = films.Select(film => preparation.Apply(ImageReader.Read(film)).Plane.Values).ToArray();
        double[] Scores(IEngine engine)
        {
            using (engine)
                return [.. planes.SelectMany(plane => engine.Run(new PlaneBatch(size.Height, size.Width, [plane])).Values)];
        }

        var exact = Scores(new TorchEngine(graph, weights, "cpu", Precision.Float64));
        var mammo = Differences(Scores(new ManagedEngine(graph, weights, new ManagedOptions())), exact);
        var onnx = Differences(Scores(new OnnxEngine(graph, weights)), exact);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {size.Height}x{size.Width} | {mammo.Greatest:0.0e0} | {mammo.Mean:0.0e0} | {onnx.Greatest:0.0e0} | {onnx.Mean:0.0e0} |"
            + $" {mammo.Greatest / onnx.Greatest:0.0} |"));
    }

    private static (double Greatest, double Mean) Differences(double[] scores, double[] exact)
    {
        var differences = scores.Zip(exact, (score, known) => Math.Abs(score - known)).ToArray();
        return (differences.Max(), differences.Average());
    }
}
