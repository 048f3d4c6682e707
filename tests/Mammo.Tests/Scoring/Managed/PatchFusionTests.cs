using CsCheck;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Scoring;
using Mammo.Scoring.Managed;
using Mammo.Tests.Scoring.Engines;
using static Mammo.Tests.Scoring.Managed.ObservedRun;

namespace Mammo.Tests.Scoring.Managed;

/// <summary>A convolution of few channels is computed by the one behind it, and nothing but the time and memory tells.</summary>
public sealed class PatchFusionTests
{
    /// <summary>
    /// All sizes, borders, widths and both forms of Winograd's method, with and without a pool: the same bits as with the map in between, whatever the
    /// registers and threads, and with background skipped.
    /// </summary>
    [Fact]
    public void No_bit_depends_on_it() => Gen.Select(Gen.Int[13, 50], Gen.Int[13, 50], Gen.Int[1, 4], Gen.Int[1, 80], Gen.Int[40, 80], Gen.Int).Sample(
        (rows, columns, channels, between, filters, seed) =>
        {
            var random = new Random(seed);
            var graph = Network(rows, columns, channels, between, filters, random);
            var weights = TestNetwork.Weights(graph, seed);
            var films = Enumerable.Range(0, random.Next(1, 4)).Select(_ => TestFilm.Make(rows, columns, random, channels == 2 ? 2 : 1)).ToArray();
            var batch = new PlaneBatch(rows, columns, films);
            var bound = random.Next(2) == 0 ? 1e-4 : 1e-9;
            var options = new ManagedOptions { Threads = 2, SkipBackground = false, KeepsLayers = true, LargestError = bound };
            var (expected, steps) = ObservedRun.Of(graph, weights, batch, options);
            if (!steps[^1].EndsWith(":WinogradStep", StringComparison.Ordinal))
                return;
            Assert.Contains("first:ConvolutionStep", steps);
            foreach (var lanes in ManagedEngineTests.Lanes)
            {
                foreach (var (threads, skips) in new[] { (2, false), (1, true), (2, true) })
                {
                    var fused = options with { Lanes = lanes, Threads = threads, SkipBackground = skips, KeepsLayers = false };
                    var (found, others) = ObservedRun.Of(graph, weights, batch, fused);
                    Assert.Equal(steps.Where(step => step != "first:ConvolutionStep"), others);
                    Assert.Equal(expected.Select(BitConverter.DoubleToInt64Bits), found.Select(BitConverter.DoubleToInt64Bits));
                }
            }
        },
        iter: 60);

    /// <summary>On background alone, few tiles are computed: each place at the border once where there are zeros, and one for all others.</summary>
    [Theory]
    [InlineData(Padding.Same, Padding.Same)]
    [InlineData(Padding.Same, Padding.Valid)]
    [InlineData(Padding.Valid, Padding.Same)]
    [InlineData(Padding.Valid, Padding.Valid)]
    public void Background_is_computed_once(Padding first, Padding second)
    {
        const int Rows = 61, Columns = 58;
        var graph = new TestNetwork().Input("in", Rows, Columns, 1).Then("first", TestNetwork.Conv(48, padding: first, activation: Activation.Relu))
            .Then("second", TestNetwork.Conv(64, padding: second)).Graph();
        var weights = TestNetwork.Weights(graph);
        float[] plane = [.. Enumerable.Repeat(-52.18f, Rows * Columns)];
        var batch = new PlaneBatch(Rows, Columns, [plane, plane]);
        var values = new[] { true, false }.Select(skips =>
        {
            using var engine = new ManagedEngine(graph, weights, new ManagedOptions { Threads = 2, SkipBackground = skips });
            engine.Observe = (step, pass) =>
            {
                Assert.Equal("second", step.Name);
                if (skips)
                    Assert.InRange(pass.WorkOf(step)!.Tiles.Length, 4, 25);
            };
            return engine.Run(batch).Values.Select(BitConverter.DoubleToInt64Bits);
        }).ToArray();
        Assert.Equal(values[1], values[0]);
    }

    /// <summary>The map in between takes no memory.</summary>
    [Fact]
    public void Memory_of_the_map_is_saved()
    {
        const int Side = 200;
        var graph = new TestNetwork().Input("in", Side, Side, 1).Then("first", TestNetwork.Conv(64, activation: Activation.Relu))
            .Then("second", TestNetwork.Conv(48)).Graph();
        var weights = TestNetwork.Weights(graph);
        var lengths = new[] { true, false }.Select(keeps =>
        {
            using var engine = new ManagedEngine(graph, weights, new ManagedOptions { Threads = 1, KeepsLayers = keeps });
            engine.Run(CheckImage.Of(new(Side, Side)), TestContext.Current.CancellationToken);
            return engine.MemoryLength;
        }).ToArray();
        Assert.InRange(lengths[0] - lengths[1], 0.9 * Side * Side * 64, 1.1 * Side * Side * 64);
    }

    [Fact]
    public void Few_channels_are_joined()
    {
        Assert.True(IsJoined(Two(TestNetwork.Conv(48)).Graph()));
        Assert.True(IsJoined(Two(TestNetwork.Conv(48, activation: Activation.Relu), channels: 4).Graph()));
        Assert.False(IsJoined(Two(TestNetwork.Conv(48), channels: 5).Graph()));
        Assert.False(IsJoined(Two(TestNetwork.Conv(48)).Graph(), keepsLayers: true));
    }

    [Fact]
    public void Other_layers_stay_apart()
    {
        Assert.False(IsJoined(Two(TestNetwork.Conv(48, activation: Activation.Tanh)).Graph()));
        Assert.False(IsJoined(Two(TestNetwork.Conv(48, kernel: 5)).Graph()));
        Assert.False(IsJoined(Two(TestNetwork.Conv(48, stride: 2)).Graph()));
        var pointwise = TestNetwork.Conv(64, kernel: 1);
        Assert.False(IsJoined(new TestNetwork().Input("in", 64, 64, 1).Then("first", TestNetwork.Conv(48)).Then("second", pointwise).Graph()));
    }

    [Fact]
    public void What_something_else_reads_stays_apart()
    {
        Assert.False(IsJoined(Two(TestNetwork.Conv(64)).Graph("first", "second")));
        Assert.False(IsJoined(Two(TestNetwork.Conv(64)).Then("sum", new LayerKind.Add(), "second", "first").Graph()));
        var both = Two(TestNetwork.Conv(64)).Then("third", TestNetwork.Conv(8), "first").Then("both", new LayerKind.Concatenate(-1), "second", "third");
        Assert.False(IsJoined(both.Graph()));
    }

    /// <summary>Behind a border of two, tiles of nothing but zeros would be taken for equal.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void Wide_borders_stay_apart(int border, bool expected)
    {
        var zeros = new LayerKind.ZeroPadding2D(new Border(border, border, border, border));
        var (first, second) = (TestNetwork.Conv(48, padding: Padding.Valid), TestNetwork.Conv(64, padding: Padding.Valid));
        Assert.Equal(expected, IsJoined(new TestNetwork().Input("in", 64, 64, 1).Then("zeros", zeros).Then("first", first).Then("second", second).Graph()));
        Assert.Equal(expected, IsJoined(new TestNetwork().Input("in", 64, 64, 1).Then("first", first).Then("zeros", zeros).Then("second", second).Graph()));
    }

    private static TestNetwork Two(LayerKind first, int channels = 1) =>
        new TestNetwork().Input("in", 64, 64, channels).Then("first", first).Then("second", TestNetwork.Conv(64));

    private static LayerGraph Network(int rows, int columns, int channels, int between, int filters, Random random)
    {
        var network = new TestNetwork().Input("in", rows, columns, channels == 2 ? 2 : 1);

        // Planes of an image are one or two; more channels are made of them.
        if (channels > 2)
            network.Then("channels", TestNetwork.Conv(channels, kernel: 1, activation: Activation.Tanh));
        foreach (var (name, count) in new[] { ("first", between), ("second", filters) })
        {
            var padding = random.Next(2) == 0 ? Padding.Same : Padding.Valid;
            if (padding == Padding.Valid && random.Next(2) == 0)
                network.Then($"{name}/zeros", new LayerKind.ZeroPadding2D(new Border(random.Next(2), random.Next(2), random.Next(2), random.Next(2))));
            network.Then(name, Convolution(count, padding));
        }

        if (random.Next(2) == 0)
            network.Then("pool", new LayerKind.MaxPooling2D(Size2D.Square(2), Size2D.Square(2), Padding.Valid));
        return network.Graph();

        LayerKind.Conv2D Convolution(int count, Padding padding) => TestNetwork.Conv(
            count,
            padding: padding,
            useBias: random.Next(4) > 0,
            activation: random.Next(2) == 0 ? Activation.Relu : Activation.Linear);
    }
}
