using CsCheck;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Managed;
using Mammo.Tests.Scoring.Engines;

namespace Mammo.Tests.Scoring.Managed;

/// <summary>Skipping the background changes no bit, and skips.</summary>
public sealed class EqualTilesTests
{
    /// <summary>Layers of every kind on images of any size, one after the other, so that what an image before left behind is never read.</summary>
    [Fact]
    public void Random_networks_give_the_same_bits() => Gen.Select(Gen.Int, Gen.Int[3, 70], Gen.Int[3, 70]).Sample(
        (seed, rows, columns) =>
        {
            var random = RandomNetwork.Make(seed);
            var input = random[random.Inputs[0]];
            var larger = input with { Kind = new LayerKind.Input(TensorShape.Of(rows, columns, ((LayerKind.Input)input.Kind).Shape.Channels)) };
            if (Resized(random, larger) is { } graph && ManagedEngine.Refusal(graph, TestNetwork.Weights(graph, seed)) is null)
                AssertSame(graph, TestNetwork.Weights(graph, seed), rows, columns, new Random(seed));
        },
        iter: 150);

    [Theory]
    [InlineData("vgg16")]
    [InlineData("vgg19")]
    [InlineData("resnet50")]
    [InlineData("resnet_small")]
    [InlineData("inception_v3")]
    [InlineData("xception")]
    [InlineData("yaroslav")]
    public void Architectures_give_the_same_bits(string architecture)
    {
        const int Rows = 243, Columns = 230;
        using var model = ModelFactory.Patch(new PatchOptions { Architecture = architecture, WidthMultiplier = 1.0 / 8 }, 1);

        // Up to the last map: probabilities could hide a difference.
        var shapes = ShapeInference.Infer(model.Graph, new ImageSize(Rows, Columns));
        var layers = model.Graph.Layers.TakeWhile(layer => shapes[layer.Name].Rank == 3).ToArray();
        AssertSame(new LayerGraph(architecture, [.. layers], [layers[^1].Name]), model.Weights, Rows, Columns, new Random(1));
    }

    /// <summary>The mean of the last maps of several networks on one input.</summary>
    [Fact]
    public void Ensembles_give_the_same_bits()
    {
        const int Rows = 243, Columns = 230;
        var models = new[] { 1, 2, 3 }.Select(
            seed => ModelFactory.Patch(new PatchOptions { Architecture = "resnet_small", WidthMultiplier = 1.0 / 4 }, seed)).ToArray();
        var shapes = ShapeInference.Infer(models[0].Graph, new ImageSize(Rows, Columns));
        var parts = models.Select((model, index) =>
        {
            var layers = model.Graph.Layers.TakeWhile(layer => shapes[layer.Name].Rank == 3).ToArray();
            return (Name: $"part{index}", Graph: new LayerGraph("part", [.. layers], [layers[^1].Name]));
        }).ToArray();
        var graph = EnsembleGraph.Of(parts);
        var weights = models.SelectMany((model, index) => EnsembleGraph.Joined(parts[index].Name, model.Weights)).ToDictionary(StringComparer.Ordinal);
        AssertSame(graph, weights, Rows, Columns, new Random(1));
    }

    [Fact]
    public void Half_a_black_film_is_computed_once()
    {
        const int Rows = 256, Columns = 192;
        using var model = ModelFactory.Patch(new PatchOptions { Architecture = "vgg16", WidthMultiplier = 1.0 / 16 }, 1);
        var film = ImageReader.Read(Path.Combine(Shared.Repository, "examples", "data", "Calc-Test_P_00041_LEFT_CC.png"));
        var plane = new Preparation { Size = new ImageSize(Rows, Columns), RescaleFactor = 255.0 / 65535, FeaturewiseMean = 52 }.Apply(film).Plane;
        double Share(bool skips)
        {
            using var engine = new ManagedEngine(model.Graph, model.Weights, new ManagedOptions { Threads = 2, SkipBackground = skips });
            var (computed, all) = (0L, 0L);
            engine.Observe = (step, pass) =>
            {
                if (step is TileStep tiles)
                {
                    all += tiles.Grid.Count;
                    computed += pass.WorkOf(step)?.Tiles.Length ?? tiles.Grid.Count;
                }
            };
            engine.Run(new PlaneBatch(Rows, Columns, [plane.Values]), TestContext.Current.CancellationToken);
            return (double)computed / all;
        }

        Assert.Equal(1, Share(skips: false));
        Assert.InRange(Share(skips: true), 0.3, 0.8);
    }

    private static LayerGraph? Resized(LayerGraph graph, Layer input)
    {
        try
        {
            var resized = new LayerGraph(graph.Name, [.. graph.Layers.Select(layer => layer.Name == input.Name ? input : layer)], [graph.Outputs[0]]);
            ShapeInference.Infer(resized);
            return resized;
        }
        catch (MammoException)
        {
            return null;
        }
    }

    private static void AssertSame(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, int rows, int columns, Random random)
    {
        float[][] Pair() => [TestFilm.Make(rows, columns, random), TestFilm.Make(rows, columns, random)];
        var batches = Enumerable.Range(0, 3).Select(_ => new PlaneBatch(rows, columns, Pair())).ToArray();
        double[][] Values(bool skips, int threads)
        {
            using var engine = new ManagedEngine(graph, weights, new ManagedOptions { Threads = threads, SkipBackground = skips });
            return [.. batches.Select(batch => engine.Run(batch).Values)];
        }

        var expected = Values(skips: false, threads: 2);
        foreach (var threads in new[] { 1, 2 })
            Assert.Equal(expected.SelectMany(Bits), Values(skips: true, threads).SelectMany(Bits));
    }

    private static IEnumerable<long> Bits(double[] values) => values.Select(BitConverter.DoubleToInt64Bits);
}
