using System.Diagnostics;
using System.Globalization;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Networks.Graphs.Rewriting;
using Mammo.Scoring;
using Mammo.Scoring.Managed;

namespace Mammo.Benchmarks;

/// <summary>
/// Where Mammo's own engine spends its time: each step of a network on one plane of noise, least of some rounds, with its multiply-adds as the layer is
/// defined (a step by Winograd's method does fewer): <c>--model resnet50 --threads 2 --rounds 3</c>.
/// </summary>
internal static class LayersBenchmark
{
    public static void Run(Arguments arguments)
    {
        foreach (var name in arguments.List("model", "resnet50"))
        {
            using var model = BenchmarkModels.Make(name);
            using var engine = new ManagedEngine(model.Graph, model.Weights, new ManagedOptions
            { Threads = arguments.Number("threads", Environment.ProcessorCount) });
            var batch = new PlaneBatch(BenchmarkModels.Height, BenchmarkModels.Width, [BenchmarkModels.Plane(1)]);
            engine.Run(batch);
            var times = new Dictionary<Step, double>();
            var watch = new Stopwatch();
            engine.Observe = (step, _) =>
            {
                var seconds = watch.Elapsed.TotalSeconds;
                times[step] = Math.Min(seconds, times.GetValueOrDefault(step, double.MaxValue));
                watch.Restart();
            };
            for (var round = 0; round < arguments.Number("rounds", 3); round++)
            {
                watch.Restart();
                engine.Run(batch);
            }

            Console.WriteLine(Table(name, model.Graph, model.Weights, times));
        }
    }

    private static string Table(string name, LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, Dictionary<Step, double> times)
    {
        var form = InferenceForm.Of(graph, weights, equalPlanes: true).Graph;
        var size = new ImageSize(BenchmarkModels.Height, BenchmarkModels.Width);
        var costs = form.Layers.Zip(ComputeCost.ByLayer(form, size)).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal);
        var shapes = new Dictionary<string, TensorShape>(ShapeInference.Infer(form, size), StringComparer.Ordinal);
        var layers = Fusion.Of(form, shapes).ToDictionary(operation => operation.Name, StringComparer.Ordinal);
        var lines = times.Select(time => (Step: time.Key, Seconds: time.Value, Cost: CostOf(time.Key)));
        var rows = lines.Select(line => string.Create(
            CultureInfo.InvariantCulture,
            $"| {line.Step.Name} | {line.Step.GetType().Name.Split('`')[0]} | {Size(line.Step.Inputs[0])} | {Size(line.Step.Output)}"
            + $" | {line.Seconds * 1000:0.00} | {2e-9 * line.Cost / line.Seconds:0} |"));
        static string Size(FeatureMap map) => string.Create(CultureInfo.InvariantCulture, $"{map.Rows}x{map.Columns}x{map.Channels}");
        double CostOf(Step step) => step is ChainStep chain ? chain.Members.Sum(CostOf) : Cost(layers[step.Name]);
        double Cost(Operation? operation) => operation is null
            ? 0
            : costs.GetValueOrDefault(operation.Weights) + Cost(operation.First) + Cost(operation.Shortcut);
        return string.Create(CultureInfo.InvariantCulture, $"{name}: {times.Values.Sum() * 1000:0.0} ms\n\n")
            + "| step | kind | input | output | ms | GF/s |\n| --- | --- | --- | --- | ---: | ---: |\n" + string.Join('\n', rows) + "\n";
    }
}
