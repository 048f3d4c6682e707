using CsCheck;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Managed;
using Mammo.Tests.Scoring.Engines;
using Mammo.Torch;

namespace Mammo.Tests.Scoring.Managed;

/// <summary>
/// Steps that are computed some tiles at a time, one behind the other, and 1x1 convolutions that are added: nothing but time and memory tells.
/// </summary>
public sealed class ChainingTests
{
    // So many tiles that steps are chained.
    private const int Side = 60;

    /// <summary>Branches, additions in place, borders, pools and repeated pixels: the same bits as step by step, also for images that follow others.</summary>
    [Fact]
    public void No_bit_depends_on_chains() => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            var (rows, columns) = (random.Next(53, 80), random.Next(53, 80));
            var graph = RandomChains.Make(random, rows, columns);
            var weights = TestNetwork.Weights(graph, seed);
            var planes = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Film(rows, columns, random)).ToArray();
            var options = new ManagedOptions { Threads = 2, SkipBackground = false, KeepsLayers = true };
            var expected = Run(graph, weights, planes, options);
            foreach (var lanes in ManagedEngineTests.Lanes)
            {
                var (threads, skips) = (random.Next(1, 3), lanes > 4 || random.Next(2) == 0);
                var chained = options with { KeepsLayers = false, Lanes = lanes, Threads = threads, SkipBackground = skips };
                Assert.Equal(expected.Select(Bits), Run(graph, weights, planes, chained).Select(Bits));
            }

            var last = Run(graph, weights, planes[^1..], options with { KeepsLayers = false, SkipBackground = true });
            Assert.Equal(expected.TakeLast(last.Length).Select(Bits), last.Select(Bits));
        },
        iter: 12);

    /// <summary>Any numbers of channels that share segments, strides and borders: one step, as near to float64 as two would be.</summary>
    [Fact]
    public void Joined_products_agree_with_float64() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5], Gen.Int[1, 140], Gen.Int[1, 3], Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int).Sample(
        (channels, others, filters, stride, rows, columns, seed) =>
        {
            var random = new Random(seed);
            LayerKind Product(int step) => TestNetwork.Conv(
                filters, kernel: 1, stride: step, random.Next(2) == 0 ? Padding.Same : Padding.Valid, useBias: random.Next(2) == 0);
            var network = new TestNetwork().Input("in", rows, columns, 1)
                .Then("map", TestNetwork.Conv(16 * channels, activation: Activation.Tanh), "in")
                .Then("other", TestNetwork.Conv(16 * others, activation: Activation.Tanh), "in")
                .Then("pool", new LayerKind.MaxPooling2D(Size2D.Square(stride), Size2D.Square(stride), Padding.Same), "other")
                .Then("left", Product(stride), "map").Then("right", Product(1), "pool");
            network.Then("sum", new LayerKind.Add(), random.Next(2) == 0 ? ["left", "right"] : ["right", "left"]);
            if (random.Next(2) == 0)
                network.Then("again", new LayerKind.Add(), "sum", "sum");
            var graph = network.Then("relu", TestNetwork.Act(Activation.Relu)).Graph();
            var weights = TestNetwork.Weights(graph, seed);
            float[][] planes = [Film(rows, columns, random), Film(rows, columns, random)];
            var found = ManagedEngineTests.Lanes.Select(lanes => Run(graph, weights, planes, new ManagedOptions { Lanes = lanes, Threads = 2 })).ToArray();
            Assert.All(found, values => Assert.Equal(found[0].Select(Bits), values.Select(Bits)));
            using var exact = new TorchEngine(graph, weights, "cpu", Precision.Float64);
            var expected = exact.Run(new PlaneBatch(rows, columns, planes)).Values;
            var tolerance = 4e-6 * (1 + expected.Max(Math.Abs));
            Assert.All(expected.Zip(found[0]), pair => Assert.Equal(pair.First, pair.Second, tolerance));
            Assert.DoesNotContain(Steps(graph).SelectMany(ObservedRun.Members), step => step.Name is "left" or "right");
        },
        iter: 25);

    [Fact]
    public void Two_products_of_pixels_are_joined()
    {
        Assert.True(IsJoined(Branches(Pixels(20), Pixels(20))));
        Assert.True(IsJoined(Branches(Pixels(20), new LayerKind.SeparableConv2D(
            20, Size2D.Square(3), Size2D.Square(1), Padding.Same, Size2D.Square(1), 1, true, Activation.Linear))));

        // A third is added to their sums.
        Assert.True(IsJoined(Branches(Pixels(20), Pixels(20)).Then("more", Pixels(20), "map").Then("all", new LayerKind.Add(), "more", "sum")));
    }

    [Fact]
    public void Other_sums_are_not_joined()
    {
        Assert.False(IsJoined(Branches(Pixels(20), Pixels(20)).Then("both", new LayerKind.Concatenate(-1), "sum", "left")));
        Assert.False(IsJoined(Branches(Pixels(20), Pixels(20), channels: 15)));
        Assert.False(IsJoined(Branches(Pixels(20), TestNetwork.Conv(20))));
        Assert.False(IsJoined(Branches(Pixels(20), TestNetwork.Conv(20, kernel: 1, activation: Activation.Relu))));
        Assert.False(IsJoined(new TestNetwork().Input("in", Side, Side, 1).Then("left", Pixels(20)).Then("sum", new LayerKind.Add(), "left", "left")));
        var border = new TestNetwork().Input("in", Side, Side, 1).Then("zeros", new LayerKind.ZeroPadding2D(new Border(1, 0, 0, 1)), "in")
            .Then("left", TestNetwork.Conv(20, kernel: 1, padding: Padding.Valid), "zeros")
            .Then("more", new LayerKind.ZeroPadding2D(new Border(0, 1, 1, 0)), "in").Then("right", Pixels(20), "more");
        Assert.False(IsJoined(border.Then("sum", new LayerKind.Add(), "left", "right")));
    }

    [Fact]
    public void What_needs_its_own_tiles_follows()
    {
        Assert.Equal(["a+b+c"], Chains(Begun().Then("b", Pixels(20)).Then("c", new LayerKind.LeakyRelu(0.3)).Then("d", TestNetwork.Conv(20))));
        Assert.Equal(["a/depthwise+a+b"], Chains(new TestNetwork().Input("in", Side, Side, 1).Then("a", new LayerKind.SeparableConv2D(
            20, Size2D.Square(3), Size2D.Square(1), Padding.Same, Size2D.Square(1), 3, true, Activation.Relu)).Then("b", Pixels(20))));
        Assert.Equal(["a+b", "c+d"], Chains(Begun().Then("b", Pixels(20)).Then("c", TestNetwork.Conv(20)).Then("d", Pixels(20))));
        Assert.Empty(Chains(Begun().Then("b", Pixels(20)), keepsLayers: true));
    }

    [Fact]
    public void What_needs_other_tiles_does_not_follow()
    {
        Assert.Empty(Chains(Begun().Then("b", TestNetwork.Conv(20))));
        Assert.Empty(Chains(Begun().Then("b", TestNetwork.Conv(20, kernel: 1, stride: 2))));
        Assert.Empty(Chains(Begun().Then("b", new LayerKind.Cropping2D(new Border(0, 1, 0, 0))).Then("c", new LayerKind.GlobalMaxPooling2D())));
        Assert.Empty(Chains(Begun().Then("b", Pixels(20), "in").Then("c", new LayerKind.Concatenate(-1), "a", "b")));
    }

    [Fact]
    public void Small_wide_and_pooled_maps_stay_apart()
    {
        Assert.Empty(Chains(Begun(side: 52).Then("b", Pixels(20))));
        Assert.NotEmpty(Chains(Begun(side: 53).Then("b", Pixels(20))));
        Assert.Empty(Chains(Begun(side: 53).Then("b", Pixels(1366))));
        Assert.NotEmpty(Chains(Begun(side: 53).Then("b", Pixels(1365))));
        Assert.Empty(Chains(new TestNetwork().Input("in", 120, 120, 1).Then("first", TestNetwork.Conv(20, kernel: 5))
            .Then("a", new LayerKind.MaxPooling2D(Size2D.Square(3), Size2D.Square(2), Padding.Valid)).Then("b", Pixels(20))));
        Assert.Empty(Chains(new TestNetwork().Input("in", 120, 120, 1).Then("first", TestNetwork.Conv(48, kernel: 5)).Then("a", TestNetwork.Conv(48))
            .Then("pool", new LayerKind.MaxPooling2D(Size2D.Square(2), Size2D.Square(2), Padding.Valid)).Then("b", Pixels(20))));
    }

    /// <summary>A tile's sum would lie where its neighbour's window still reads; not if the map is kept for others.</summary>
    [Fact]
    public void Nothing_is_overwritten_that_other_tiles_read()
    {
        TestNetwork Block() => Begun().Then("b", TestNetwork.Conv(20)).Then("c", Pixels(20)).Then("sum", new LayerKind.Add(), "c", "a");
        Assert.Empty(Chains(Block()));
        Assert.Equal(["b+sum"], Chains(Block().Then("d", TestNetwork.Conv(20), "a")));
    }

    /// <summary>A repeated pixel may come from any tile: a chain that began with it would not say what it reads.</summary>
    [Fact]
    public void Repeated_pixels_begin_no_chain()
    {
        var network = Begun(side: 40).Then("up", new LayerKind.UpSampling2D(Size2D.Square(2))).Then("b", Pixels(20)).Then("c", Pixels(20));
        Assert.Equal(["b+c"], Chains(network));
        var graph = network.Graph();
        var weights = TestNetwork.Weights(graph);
        var plane = TestFilm.Make(40, 40, new Random(5));
        var values = new[] { true, false }.Select(skips => Run(graph, weights, [plane], new ManagedOptions { SkipBackground = skips }).Select(Bits)).ToArray();
        Assert.Equal(values[1], values[0]);
    }

    [Fact]
    public void Maps_that_others_read_are_outputs()
    {
        var network = Begun().Then("b", Pixels(21)).Then("c", Pixels(22)).Then("d", TestNetwork.Conv(20, kernel: 2))
            .Then("e", TestNetwork.Conv(20, kernel: 2), "a").Then("sum", new LayerKind.Add(), "d", "e");
        var chain = Assert.Single(Steps(network.Graph()).OfType<ChainStep>(), chain => chain.Name == "c");
        Assert.Equal([20, 22], chain.Outputs.Select(map => map.Channels));
    }

    /// <summary>All maps of a chain are there at a time, and no more.</summary>
    [Fact]
    public void Memory_is_that_of_all_its_maps()
    {
        const int Pixel = 1 + 20 + 21 + 22;
        var graph = Begun(side: 400).Then("b", Pixels(21)).Then("c", Pixels(22)).Then("d", TestNetwork.Conv(1, kernel: 2)).Graph();
        using var engine = new ManagedEngine(graph, TestNetwork.Weights(graph), new ManagedOptions { Threads = 1 });
        engine.Run(CheckImage.Of(new(400, 400)), TestContext.Current.CancellationToken);
        Assert.InRange(engine.MemoryLength, 400 * 400 * Pixel, 400 * 400 * (Pixel + 1));
    }

    private static float[] Film(int rows, int columns, Random random) => [.. TestFilm.Make(rows, columns, random).Select(value => value / 100)];

    private static LayerKind Pixels(int filters) => TestNetwork.Conv(filters, kernel: 1);

    private static TestNetwork Begun(int side = Side) => new TestNetwork().Input("in", side, side, 1).Then("a", Pixels(20));

    private static TestNetwork Branches(LayerKind left, LayerKind right, int channels = 32) => new TestNetwork().Input("in", Side, Side, 1)
        .Then("map", Pixels(channels)).Then("left", left, "map").Then("right", right, "map").Then("sum", new LayerKind.Add(), "left", "right");

    private static bool IsJoined(TestNetwork network) =>
        Steps(network.Graph()).SelectMany(ObservedRun.Members).All(step => step.Name is not ("left" or "right"));

    private static List<string> Chains(TestNetwork network, bool keepsLayers = false) =>
        [.. Steps(network.Graph(), keepsLayers).OfType<ChainStep>().Select(chain => string.Join('+', chain.Members.Select(member => member.Name)))];

    private static List<Step> Steps(LayerGraph graph, bool keepsLayers = false)
    {
        var steps = new List<Step>();
        using var engine = new ManagedEngine(graph, TestNetwork.Weights(graph), new ManagedOptions { Threads = 1, KeepsLayers = keepsLayers });
        engine.Observe = (step, _) => steps.Add(step);
        var shape = ((LayerKind.Input)graph[graph.Inputs[0]].Kind).Shape;
        engine.Run(CheckImage.Of(new(shape.Sizes[0]!.Value, shape.Sizes[1]!.Value)));
        return steps;
    }

    private static double[] Run(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, float[][] planes, ManagedOptions options)
    {
        var shape = ((LayerKind.Input)graph[graph.Inputs[0]].Kind).Shape;
        var (rows, columns) = (shape.Sizes[0]!.Value, shape.Sizes[1]!.Value);
        using var engine = new ManagedEngine(graph, weights, options);
        engine.Run(new PlaneBatch(rows, columns, [.. planes.Select(plane => plane.Select(value => 1 - value).ToArray())]));
        return engine.Run(new PlaneBatch(rows, columns, planes)).Values;
    }

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);
}
