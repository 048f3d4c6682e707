using Mammo.Data.Datasets;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Networks.Architectures;
using Mammo.Scoring;
using Mammo.Scoring.Prediction;
using TorchSharp;

namespace Mammo.Benchmarks;

/// <summary>Ten thousand small images through the predictor: working set and live tensors every thousand images.</summary>
internal static class MemoryBenchmark
{
    public static void Run(Arguments arguments)
    {
        var count = arguments.Number("images", 10_000);
        var folder = Directory.CreateTempSubdirectory("mammo-memory-").FullName;
        var path = Path.Combine(folder, "image.png");
        PngWriter.Write(path, new GreyImage(96, 64, 16, [.. Enumerable.Range(0, 96 * 64).Select(index => (ushort)(index * 10))]));
        using var patch = ModelFactory.Patch(new PatchOptions { Architecture = "resnet50", WidthMultiplier = 1.0 / 16 }, 1);
        using var model = ModelFactory.WholeImage(
            patch, new WholeImageOptions { ImageSize = new ImageSize(96, 64), TopDepth = [8], TopRepetition = [1] }, 1, out _);
        foreach (var engine in new[] { EngineKind.Torch, EngineKind.Onnx })
        {
            Console.WriteLine($"| {engine}: images | working set MB | live tensors |\n| ---: | ---: | ---: |");
            using var predictor = new Predictor(
                [model], new PredictorOptions { Engine = engine, Augment = true, Preparation = new() { RescaleFactor = 0.0039, FeaturewiseMean = 52 } });
            var done = 0;
            foreach (var _ in Enumerable.Repeat(new MammoImage(path), count).SelectMany(predictor.Add).Concat(predictor.Finish()))
            {
                if (++done % (count / 10) == 0)
                    Console.WriteLine(
                        FormattableString.Invariant(
                            $"| {done} | {Environment.WorkingSet >> 20} | {(engine == EngineKind.Torch ? torch.Tensor.TotalCount : 0)} |"));
            }
        }

        Directory.Delete(folder, recursive: true);
    }
}
