using Mammo.Networks.Files.Onnx;
using Mammo.Networks.Graphs;
using Mammo.Networks.Inference;
using Mammo.Networks.Models;
using Microsoft.ML.OnnxRuntime;

namespace Mammo.Benchmarks;

/// <summary>Engines against a bare ONNX Runtime session that is fed with ready tensors of three channels: <c>--model vgg16,resnet50 --rounds 5 --batch 1</c>.</summary>
internal static class PredictBenchmark
{
    public static void Run(Arguments arguments)
    {
        foreach (var name in arguments.List("model", "vgg16,resnet50"))
        {
            using var model = BenchmarkModels.Make(name);
            Console.WriteLine($"{name}, {BenchmarkModels.Height}x{BenchmarkModels.Width}, {Environment.ProcessorCount} cores\n");
            Console.WriteLine(Compare(model, arguments.Number("batch", 1), arguments.Number("rounds", 5)));
        }
    }

    private static string Compare(MammoModel model, int batch, int rounds)
    {
        using var options = new SessionOptions();
        using var bare = new BareSession(OnnxFile.Bytes(new InferenceForm(model.Graph, model.Weights)), options, batch);
        using var engine = new OnnxEngine(model.Graph, model.Weights);
        var planes = new PlaneBatch(BenchmarkModels.Height, BenchmarkModels.Width, [.. Enumerable.Range(0, batch).Select(BenchmarkModels.Plane)]);
        return Comparison.Run([new Candidate("bare ONNX Runtime", batch, bare.Run), new Candidate(engine.Name, batch, () => engine.Run(planes))], rounds);
    }
}
