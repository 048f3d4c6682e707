using CsCheck;
using Mammo.Networks.Files.Keras;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;
using Mammo.Scoring;
using Mammo.Scoring.Managed;
using Mammo.Tests.Networks.Files.Keras;
using Mammo.Tests.Scoring.Engines;
using Mammo.Tests.Torch;
using Mammo.Torch;

namespace Mammo.Tests.Scoring.Managed;

/// <summary>Mammo's own engine against float64, and against itself with other registers and threads.</summary>
public sealed class ManagedEngineTests
{
    /// <summary>Widths of registers that this processor has; any has the narrowest, by emulation where it must.</summary>
    internal static int[] Lanes => [4, .. ProcessorLanes.Widest >= 8 ? [8] : Array.Empty<int>(), .. ProcessorLanes.Widest >= 16 ? [16] : Array.Empty<int>()];

    [Fact]
    public void Threads_and_batches_change_no_bit()
    {
        var file = KerasFile.Read(KerasFileTests.ModelPath("vgg16_whole_hybrid"));
        var planes = ModelOracle.Rows("vgg16_whole_hybrid", areFormulas: false).Take(3).Select(row => ModelOracle.Prepared("vgg16_whole_hybrid", row))
            .ToArray();
        using var one = new ManagedEngine(file.Graph, file.Weights, new ManagedOptions { Threads = 1 });
        using var two = new ManagedEngine(file.Graph, file.Weights, new ManagedOptions { Threads = 2 });
        var together = two.Run(new PlaneBatch(planes[0].Height, planes[0].Width, [.. planes.Select(plane => plane.Values)]),
            TestContext.Current.CancellationToken).Values;
        Assert.Equal(planes.SelectMany(plane => one.Run(new PlaneBatch(plane.Height, plane.Width, [plane.Values])).Values), together);
    }

    /// <summary>Layers of every kind, branches and shared layers, on small images; a network that the engine refuses is replaced by another.</summary>
    [Fact]
    public void Random_networks_agree_with_float64()
    {
        var (tried, ran) = (0, 0);
        Gen.Int.Sample(
            seed =>
            {
                for (var next = seed; ; next = unchecked(next + 1))
                {
                    Interlocked.Increment(ref tried);
                    var graph = RandomNetwork.Make(next);
                    graph = new LayerGraph(graph.Name, graph.Layers, [graph.Outputs[0]]);
                    var weights = TestNetwork.Weights(graph, next);
                    if (ManagedEngine.Refusal(graph, weights) is not null)
                        continue;
                    AssertAgrees(graph, weights, 1e-4);
                    Interlocked.Increment(ref ran);
                    return;
                }
            },
            iter: 100);

        // It computes every layer of about a third of them.
        Assert.True(ran >= 100 && tried <= 6 * ran, $"{ran} of {tried} networks ran");
    }

    /// <summary>Each kind of layer with options, sizes and channels of every sort; none is refused.</summary>
    [Theory]
    [MemberData(nameof(RandomLayers.Kinds), MemberType = typeof(RandomLayers))]
    public void Layers_of_any_size_agree_with_float64(string kind) => Gen.Int.Sample(
        seed =>
        {
            var (graph, weights, batch) = RandomLayers.Make(kind, seed);
            Assert.Null(ManagedEngine.Refusal(graph, weights));
            AssertAgrees(graph, weights, batch, values => 3e-4 * Math.Max(1e-3, Math.Sqrt(values.Average(value => value * value))));
        },
        iter: 3);

    /// <summary>A pool of 2 × 2 looks whether the convolution before it takes it; before the first there is none.</summary>
    [Fact]
    public void A_pool_may_come_first()
    {
        var pool = new LayerKind.MaxPooling2D(Size2D.Square(2), Size2D.Square(2), Padding.Valid);
        var graph = new TestNetwork().Input("in", 9, 8, 1).Then("pool", pool).Then("conv", TestNetwork.Conv(3)).Graph();
        AssertAgrees(graph, TestNetwork.Weights(graph), 1e-5);
    }

    /// <summary>Convolutions wide and large enough for Winograd's method, with borders and tails of every kind.</summary>
    [Fact]
    public void Wide_convolutions_agree_with_float64() => Gen.Select(Gen.Int[1, 70], Gen.Int[1, 70], Gen.Int[1, 80], Gen.Int[1, 80], Gen.Bool).Sample(
        (rows, columns, channels, filters, isSame) =>
        {
            if (!isSame && (rows < 3 || columns < 3))
                return;
            LayerKind.Conv2D Convolution(int count, int kernel) =>
                new(count, Size2D.Square(kernel), Size2D.Square(1), isSame ? Padding.Same : Padding.Valid, Size2D.Square(1), true, Activation.Relu);
            var graph = new LayerGraph(
                "wide",
                [
                    new Layer("in", new LayerKind.Input(TensorShape.Of(rows, columns, 1)), []),
                    new Layer("first", Convolution(channels, 1), ["in"]),
                    new Layer("second", Convolution(filters, 3), ["first"]),
                ],
                ["second"]);
            AssertAgrees(graph, TestNetwork.Weights(graph, rows), 1e-4);
        },
        iter: 40);

    private static void AssertAgrees(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, double tolerance)
    {
        var shape = ((LayerKind.Input)graph[graph.Inputs[0]].Kind).Shape;
        var (rows, columns) = (shape.Sizes[0]!.Value, shape.Sizes[1]!.Value);
        var planes = Enumerable.Range(0, 2)
            .Select(image => Enumerable.Range(0, rows * columns).Select(at => (((at * 37) + (image * 11)) % 101 / 50f) - 1).ToArray()).ToArray();
        AssertAgrees(graph, weights, new PlaneBatch(rows, columns, planes), values => tolerance * (1 + values.Max(Math.Abs)));
    }

    /// <summary>The engine's values are near those of float64, and the same bits with every width of registers, number of threads, and background.</summary>
    private static void AssertAgrees(
        LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, PlaneBatch batch, Func<double[], double> tolerance)
    {
        using var exact = new TorchEngine(graph, weights, "cpu", Precision.Float64);
        var (expected, found) = (exact.Run(batch).Values, Run(new ManagedOptions { Threads = 2 }));
        var most = tolerance(expected);
        Assert.Equal(expected.Length, found.Length);
        for (var index = 0; index < found.Length; index++)
            Assert.True(Math.Abs(expected[index] - found[index]) <= most, $"{index}: {found[index]} for {expected[index]}");
        foreach (var lanes in Lanes)
        {
            var other = Run(new ManagedOptions { Lanes = lanes, Threads = 1, SkipBackground = lanes == 8 });
            Assert.Equal(found.Select(BitConverter.DoubleToInt64Bits), other.Select(BitConverter.DoubleToInt64Bits));
        }

        double[] Run(ManagedOptions options)
        {
            using var engine = new ManagedEngine(graph, weights, options);
            return engine.Run(batch).Values;
        }
    }
}
