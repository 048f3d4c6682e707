using CsCheck;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Scoring;
using Mammo.Scoring.Managed;
using Mammo.Tests.Scoring.Engines;
using static Mammo.Tests.Scoring.Managed.ObservedRun;

namespace Mammo.Tests.Scoring.Managed;

/// <summary>A convolution of few channels is computed by the pool behind it, and nothing but the time and memory tells.</summary>
public sealed class PoolFusionTests
{
    /// <summary>All sizes and borders: the same bits as with the map in between, whatever the registers and threads, and with background skipped.</summary>
    [Fact]
    public void No_bit_depends_on_it() =>
        Gen.Select(Gen.Int[13, 120], Gen.Int[13, 400], Gen.Int[1, 4], Gen.Int[1, 80], Gen.Int[1, 7], Gen.Int[1, 3], Gen.Int).Sample(
        (rows, columns, channels, filters, kernel, stride, seed) =>
        {
            var random = new Random(seed);
            var graph = Network(rows, columns, channels, filters, kernel, stride, random);
            var weights = TestNetwork.Weights(graph, seed);
            var films = Enumerable.Range(0, random.Next(1, 4)).Select(_ => TestFilm.Make(rows, columns, random, channels == 2 ? 2 : 1)).ToArray();
            var batch = new PlaneBatch(rows, columns, films);
            var options = new ManagedOptions { Threads = 2, SkipBackground = false, KeepsLayers = true };
            var (expected, steps) = ObservedRun.Of(graph, weights, batch, options);
            Assert.Equal(["first:ConvolutionStep", "pool:PoolStep"], steps.TakeLast(2));
            foreach (var lanes in ManagedEngineTests.Lanes)
            {
                foreach (var (threads, skips) in new[] { (2, false), (1, true), (2, true) })
                {
                    var fused = options with { Lanes = lanes, Threads = threads, SkipBackground = skips, KeepsLayers = false };
                    var (found, others) = ObservedRun.Of(graph, weights, batch, fused);
                    Assert.Equal("pool:PooledConvolutionStep", others[^1]);
                    Assert.DoesNotContain(others, step => step.StartsWith("first:", StringComparison.Ordinal));
                    Assert.Equal(expected.Select(BitConverter.DoubleToInt64Bits), found.Select(BitConverter.DoubleToInt64Bits));
                }
            }
        },
        iter: 60);

    /// <summary>What is not a number stays so, as behind a convolution of its own.</summary>
    [Fact]
    public void Values_that_are_no_numbers_go_where_they_went()
    {
        const int Rows = 40, Columns = 37;
        var graph = Pooled(TestNetwork.Conv(20, kernel: 5, stride: 2, activation: Activation.Relu), rows: Rows, columns: Columns).Graph();
        var weights = TestNetwork.Weights(graph);
        var plane = TestFilm.Make(Rows, Columns, new Random(3));
        (plane[301], plane[702], plane[1203]) = (float.NaN, float.PositiveInfinity, float.NegativeInfinity);
        var batch = new PlaneBatch(Rows, Columns, [plane]);
        var values = new[] { true, false }
            .Select(keeps => ObservedRun.Of(graph, weights, batch, new ManagedOptions { Threads = 1, KeepsLayers = keeps }).Values)
            .ToArray();
        Assert.Contains(double.NaN, values[0]);
        Assert.Equal(values[0], values[1]);
    }

    /// <summary>On background alone, few tiles are computed: each place at the border once where there are zeros, and one for all others.</summary>
    [Theory]
    [InlineData(Padding.Same)]
    [InlineData(Padding.Valid)]
    public void Background_is_computed_once(Padding padding)
    {
        const int Rows = 461, Columns = 458;
        var graph = Pooled(TestNetwork.Conv(20, kernel: 7, stride: 2, padding: padding, activation: Activation.Relu), rows: Rows, columns: Columns).Graph();
        var weights = TestNetwork.Weights(graph);
        float[] plane = [.. Enumerable.Repeat(-52.18f, Rows * Columns)];
        var values = new[] { true, false }.Select(skips =>
        {
            using var engine = new ManagedEngine(graph, weights, new ManagedOptions { Threads = 2, SkipBackground = skips });
            engine.Observe = (step, pass) =>
            {
                if (skips)
                    Assert.InRange(pass.WorkOf(step)!.Tiles.Length, 2, 25);
            };
            return engine.Run(new PlaneBatch(Rows, Columns, [plane, plane])).Values.Select(BitConverter.DoubleToInt64Bits);
        }).ToArray();
        Assert.Equal(values[1], values[0]);
    }

    /// <summary>The map in between takes no memory.</summary>
    [Fact]
    public void Memory_of_the_map_is_saved()
    {
        const int Side = 800;
        var graph = Pooled(TestNetwork.Conv(64, kernel: 7, stride: 2), rows: Side, columns: Side).Graph();
        var weights = TestNetwork.Weights(graph);
        var lengths = new[] { true, false }.Select(keeps =>
        {
            using var engine = new ManagedEngine(graph, weights, new ManagedOptions { Threads = 1, KeepsLayers = keeps });
            engine.Run(CheckImage.Of(new(Side, Side)), TestContext.Current.CancellationToken);
            return engine.MemoryLength;
        }).ToArray();
        Assert.InRange(lengths[0] - lengths[1], 0.9 * Side * Side / 4 * 64, 1.1 * Side * Side / 4 * 64);
    }

    [Fact]
    public void Few_channels_are_joined()
    {
        Assert.True(IsJoined(Pooled(TestNetwork.Conv(64, kernel: 7, stride: 2, activation: Activation.Relu)).Graph()));
        Assert.True(IsJoined(Pooled(TestNetwork.Conv(64, kernel: 7), channels: 3).Graph()));
        Assert.False(IsJoined(Pooled(TestNetwork.Conv(64, kernel: 7, stride: 2)).Graph(), keepsLayers: true));
    }

    /// <summary>The sums of more products are not added up in one go.</summary>
    [Fact]
    public void Many_products_stay_apart()
    {
        Assert.True(IsJoined(Pooled(TestNetwork.Conv(64, kernel: 4), channels: 15).Graph()));
        Assert.False(IsJoined(Pooled(TestNetwork.Conv(64, kernel: 3), channels: 16).Graph()));
        Assert.False(IsJoined(Pooled(TestNetwork.Conv(64, kernel: 5), channels: 15).Graph()));
    }

    [Fact]
    public void Other_layers_stay_apart()
    {
        Assert.False(IsJoined(Pooled(TestNetwork.Conv(64, kernel: 7, activation: Activation.Tanh)).Graph()));
        Assert.False(IsJoined(Pooled(TestNetwork.Conv(64, kernel: 1)).Graph()));
        Assert.False(IsJoined(Pooled(new LayerKind.Conv2D(
            64, Size2D.Square(3), Size2D.Square(1), Padding.Valid, Size2D.Square(2), true, Activation.Relu)).Graph()));
        foreach (var pool in new[] { Pool(2), Pool(3, stride: 1), Pool(3, padding: Padding.Same) })
            Assert.False(IsJoined(new TestNetwork().Input("in", 64, 64, 1).Then("first", TestNetwork.Conv(64, kernel: 7)).Then("pool", pool).Graph()));
        var mean = new LayerKind.AveragePooling2D(Size2D.Square(3), Size2D.Square(2), Padding.Valid);
        Assert.False(IsJoined(new TestNetwork().Input("in", 64, 64, 1).Then("first", TestNetwork.Conv(64, kernel: 7)).Then("pool", mean).Graph()));
    }

    [Fact]
    public void What_something_else_reads_stays_apart()
    {
        Assert.False(IsJoined(Pooled(TestNetwork.Conv(64, kernel: 7)).Graph("first", "pool")));
        var both = Pooled(TestNetwork.Conv(64, kernel: 7)).Then("other", Pool(3), "first").Then("sum", new LayerKind.Add(), "pool", "other");
        Assert.False(IsJoined(both.Graph()));
    }

    private static LayerKind.MaxPooling2D Pool(int size, int stride = 2, Padding padding = Padding.Valid) =>
        new(Size2D.Square(size), Size2D.Square(stride), padding);

    private static TestNetwork Pooled(LayerKind first, int channels = 1, int rows = 64, int columns = 64) =>
        new TestNetwork().Input("in", rows, columns, channels).Then("first", first).Then("pool", Pool(3));

    private static LayerGraph Network(int rows, int columns, int channels, int filters, int kernel, int stride, Random random)
    {
        var network = new TestNetwork().Input("in", rows, columns, channels == 2 ? 2 : 1);

        // Planes of an image are one or two; more channels are made of them.
        if (channels > 2)
            network.Then("channels", TestNetwork.Conv(channels, kernel: 1, activation: Activation.Tanh));
        var size = new Size2D(Math.Max(2, kernel), random.Next(1, 8));
        var padding = random.Next(2) == 0 || rows < 2 * kernel * stride || columns < 16 * stride ? Padding.Same : Padding.Valid;
        if (padding == Padding.Valid && random.Next(2) == 0)
            network.Then("zeros", new LayerKind.ZeroPadding2D(new Border(random.Next(9), random.Next(9), random.Next(9), random.Next(9))));
        var strides = new Size2D(stride, random.Next(1, 4));
        var activation = random.Next(2) == 0 ? Activation.Relu : Activation.Linear;
        network.Then("first", new LayerKind.Conv2D(filters, size, strides, padding, Size2D.Square(1), random.Next(4) > 0, activation));
        return network.Then("pool", Pool(3)).Graph();
    }
}
