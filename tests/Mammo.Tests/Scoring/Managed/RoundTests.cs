using CsCheck;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Managed;
using Mammo.Tests.Scoring.Engines;

namespace Mammo.Tests.Scoring.Managed;

/// <summary>Large maps are computed image by image, small ones for all images together, and nothing but the time and memory tells.</summary>
public sealed class RoundTests
{
    private static readonly LayerKind Pool = new LayerKind.MaxPooling2D(Size2D.Square(2), Size2D.Square(2), Padding.Valid);

    /// <summary>Layers of every kind on images of any size, cut anywhere.</summary>
    [Fact]
    public void Random_networks_give_the_same_bits() => Gen.Select(Gen.Int, Gen.Int[3, 60], Gen.Int[3, 60], Gen.Int[1, 5]).Sample(
        (seed, rows, columns, images) =>
        {
            var random = new Random(seed);
            var graph = RandomNetwork.Make(seed);
            var input = (LayerKind.Input)graph[graph.Inputs[0]].Kind;
            var larger = new LayerKind.Input(TensorShape.Of(rows, columns, input.Shape.Channels));
            if (Resized(graph, larger) is { } resized && ManagedEngine.Refusal(resized, TestNetwork.Weights(resized, seed)) is null)
            {
                // A map of the network, so that the cut may lie at any step.
                var shapes = ShapeInference.Infer(resized).Values.ToArray();
                var largest = shapes[random.Next(shapes.Length)].Elements!.Value - random.Next(2);
                AssertSame(resized, TestNetwork.Weights(resized, seed), Films(rows, columns, images, random), largest);
            }
        },
        iter: 150);

    [Theory]
    [InlineData("vgg16")]
    [InlineData("resnet50")]
    [InlineData("inception_v3")]
    [InlineData("xception")]
    [InlineData("yaroslav")]
    public void Architectures_give_the_same_bits(string architecture)
    {
        const int Rows = 243, Columns = 230;
        using var model = ModelFactory.Patch(new PatchOptions { Architecture = architecture, WidthMultiplier = 1.0 / 8 }, 1);

        // Up to the last map: probabilities could hide a difference.
        var shapes = ShapeInference.Infer(model.Graph, new(Rows, Columns));
        var layers = model.Graph.Layers.TakeWhile(layer => shapes[layer.Name].Rank == 3).ToArray();
        var graph = new LayerGraph(architecture, [.. layers], [layers[^1].Name]);
        AssertSame(graph, model.Weights, Films(Rows, Columns, 3, new Random(1)), 20_000);
    }

    /// <summary>Behind the last map that is larger than a limit, all images are computed together.</summary>
    [Fact]
    public void Small_maps_are_computed_for_all_images_together() =>
        Assert.Equal(["a 1", "b 1", "a 1", "b 1", "a 1", "b 1", "c 3", "d 3"], Steps(Pyramid(), images: 3, largest: 16 * 16 * 8));

    [Fact]
    public void Where_all_maps_are_small_nothing_is_cut() =>
        Assert.Equal(["a 2", "b 2", "c 2", "d 2"], Steps(Pyramid(), images: 2, largest: 32 * 32 * 8));

    [Fact]
    public void One_image_is_not_cut() => Assert.Equal(["a 1", "b 1", "c 1", "d 1"], Steps(Pyramid(), images: 1, largest: 16 * 16 * 8));

    /// <summary>A network that ends with its largest map cannot be cut.</summary>
    [Fact]
    public void A_large_output_is_computed_image_by_image()
    {
        var graph = new TestNetwork().Input("in", 32, 32, 1).Then("a", TestNetwork.Conv(2, stride: 2)).Then("b", new LayerKind.UpSampling2D(Size2D.Square(4)))
            .Graph();
        Assert.Equal(["a 1", "b 1", "a 1", "b 1"], Steps(graph, images: 2, largest: 16 * 16 * 8));
        AssertSame(graph, TestNetwork.Weights(graph), Films(32, 32, 3, new Random(1)), 16 * 16 * 8);
    }

    /// <summary>What lies next to others in a wider map, and the input itself, can be read behind the cut.</summary>
    [Fact]
    public void Several_maps_can_pass_the_cut()
    {
        var graph = new TestNetwork().Input("in", 32, 32, 1)
            .Then("large", TestNetwork.Conv(8))
            .Then("left", TestNetwork.Conv(3, stride: 4))
            .Then("right", TestNetwork.Conv(4, stride: 4), "large")
            .Then("late", TestNetwork.Conv(5, stride: 4), "in")
            .Then("all", new LayerKind.Concatenate(-1), "left", "late", "right")
            .Then("end", TestNetwork.Conv(6)).Graph();
        var steps = Steps(graph, images: 2, largest: 32 * 32);
        Assert.Contains("right 1", steps);
        Assert.Contains("late 2", steps);
        AssertSame(graph, TestNetwork.Weights(graph), Films(32, 32, 5, new Random(1)), 32 * 32);
    }

    [Fact]
    public void Large_maps_take_the_memory_of_one_image()
    {
        var lengths = new[] { (4, 16 * 16 * 8L), (1, 16 * 16 * 8L), (4, long.MaxValue) }.Select(run =>
        {
            using var engine = Engine(Pyramid(), TestNetwork.Weights(Pyramid()), new ManagedOptions { Threads = 1, LargestJointMap = run.Item2 });
            engine.Run(new PlaneBatch(64, 64, Films(64, 64, run.Item1, new Random(1))), TestContext.Current.CancellationToken);
            return engine.MemoryLength;
        }).ToArray();

        // What passes the cut has a place for each image.
        Assert.InRange(lengths[0], lengths[1], lengths[1] + (4 * 16 * 16 * 8));
        const int Large = (64 * 64) + (32 * 32 * 8);
        Assert.InRange(lengths[2] - lengths[0], 2 * Large, 3 * Large);
    }

    [Fact]
    public void A_run_that_was_ended_between_images_leaves_nothing_behind()
    {
        var (graph, films) = (Pyramid(), Films(64, 64, 3, new Random(1)));
        using var engine = Engine(graph, TestNetwork.Weights(graph), new ManagedOptions { Threads = 1, LargestJointMap = 16 * 16 * 8 });
        var batch = new PlaneBatch(64, 64, films);
        var expected = engine.Run(batch, TestContext.Current.CancellationToken).Values;
        using var cancellation = new CancellationTokenSource();
        var steps = 0;
        engine.Observe = (_, _) =>
        {
            if (++steps == 3)
                cancellation.Cancel();
        };
        Assert.Throws<OperationCanceledException>(() => engine.Run(batch, cancellation.Token));
        Assert.Equal(3, steps);
        Assert.Equal(expected, engine.Run(batch, TestContext.Current.CancellationToken).Values);
    }

    // Maps of 32 × 32 × 8 (a), 16 × 16 × 8 (b), 8 × 8 × 8 (c) and 4 × 4 × 8 (d).
    private static LayerGraph Pyramid() => new TestNetwork().Input("in", 64, 64, 1).Then("a", TestNetwork.Conv(8, stride: 2)).Then("b", Pool).Then("c", Pool)
        .Then("d", Pool).Graph();

    private static float[][] Films(int rows, int columns, int images, Random random) =>
        [.. Enumerable.Range(0, images).Select(_ => TestFilm.Make(rows, columns, random))];

    private static ManagedEngine Engine(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, ManagedOptions options) => new(graph, weights, options);

    /// <summary>The steps of a run and for how many images each was computed.</summary>
    private static List<string> Steps(LayerGraph graph, int images, long largest)
    {
        using var engine = Engine(graph, TestNetwork.Weights(graph), new ManagedOptions { Threads = 1, LargestJointMap = largest });
        var steps = new List<string>();
        engine.Observe = (step, pass) => steps.Add($"{step.Name} {pass.Images}");
        var shape = ((LayerKind.Input)graph[graph.Inputs[0]].Kind).Shape;
        var (rows, columns) = (shape.Sizes[0]!.Value, shape.Sizes[1]!.Value);
        engine.Run(new PlaneBatch(rows, columns, Films(rows, columns, images, new Random(1))), TestContext.Current.CancellationToken);
        return steps;
    }

    private static LayerGraph? Resized(LayerGraph graph, LayerKind.Input kind)
    {
        try
        {
            var layers = graph.Layers.Select(layer => layer.Name == graph.Inputs[0] ? layer with { Kind = kind } : layer);
            var resized = new LayerGraph(graph.Name, [.. layers], [graph.Outputs[0]]);
            ShapeInference.Infer(resized);
            return resized;
        }
        catch (MammoException)
        {
            return null;
        }
    }

    private static void AssertSame(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, float[][] films, long largest)
    {
        var shape = ((LayerKind.Input)graph[graph.Inputs[0]].Kind).Shape;
        var size = (Rows: shape.Sizes[0] ?? 243, Columns: shape.Sizes[1] ?? 230);
        foreach (var lanes in ManagedEngineTests.Lanes)
        {
            var uncut = new ManagedOptions { Lanes = lanes, Threads = 2, SkipBackground = false, LargestJointMap = long.MaxValue };
            using var together = Engine(graph, weights, uncut);
            var expected = Bits(together.Run(new PlaneBatch(size.Rows, size.Columns, films)).Values);
            Assert.Equal(expected, Bits([.. films.SelectMany(film => together.Run(new PlaneBatch(size.Rows, size.Columns, [film])).Values)]));
            foreach (var (threads, skips) in new[] { (1, false), (2, false), (1, true), (2, true) })
            {
                using var cut = Engine(graph, weights, uncut with { Threads = threads, SkipBackground = skips, LargestJointMap = largest });

                // Once more with the images the other way round: what the run before left behind is never read.
                Assert.Equal(expected, Bits(cut.Run(new PlaneBatch(size.Rows, size.Columns, films)).Values));
                var back = Bits(cut.Run(new PlaneBatch(size.Rows, size.Columns, [.. films.Reverse()])).Values);
                Assert.Equal(expected, back.Chunk(back.Length / films.Length).Reverse().SelectMany(image => image));
            }
        }
    }

    private static long[] Bits(double[] values) => [.. values.Select(BitConverter.DoubleToInt64Bits)];
}
