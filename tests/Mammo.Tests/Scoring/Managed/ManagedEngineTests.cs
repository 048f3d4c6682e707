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

    /// <summary>Layers of every kind, branches and shared layers, of random widths on images of random sizes.</summary>
    [Fact]
    public void Random_networks_agree_with_float64() => Gen.Int.Sample(
        seed =>
        {
            var graph = RandomNetwork.Make(seed);
            graph = new LayerGraph(graph.Name, graph.Layers, [graph.Outputs[0]]);
            var weights = TestNetwork.Weights(graph, seed);
            if (ManagedEngine.Refusal(graph, weights) is null)
                AssertAgrees(graph, weights, 1e-4);
        },
        iter: 150);

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
        iter: 60);

    /// <summary>Every other layer that computes products, with strides, holes and tails of every kind, behind a layer that makes many channels.</summary>
    [Fact]
    public void Other_layers_agree_with_float64() =>
        Gen.Select(Gen.Int[1, 70], Gen.Int[1, 70], Gen.Int[1, 80], Gen.Int[1, 80], Gen.Int[0, 3], Gen.Int).Sample(
            (rows, columns, channels, outputs, kind, seed) =>
            {
                var random = new Random(seed);
                Size2D Sizes(int most) => new(1 + random.Next(most), 1 + random.Next(most));
                var (kernel, strides, dilation) = (Sizes(5), Sizes(3), Sizes(2));

                // As in Keras, strides and holes do not go together.
                if (strides != Size2D.Square(1))
                    dilation = Size2D.Square(1);
                LayerKind layer = kind switch
                {
                    0 => new LayerKind.Conv2D(outputs, kernel, strides, Padding.Same, dilation, true, Activation.Relu),
                    1 => new LayerKind.DepthwiseConv2D(kernel, strides, Padding.Same, dilation, 1, true, Activation.Linear),
                    2 => new LayerKind.SeparableConv2D(outputs, kernel, strides, Padding.Same, dilation, 1, true, Activation.Linear),
                    _ => new LayerKind.Dense(outputs, true, Activation.Linear),
                };
                var network = new TestNetwork().Input("in", rows, columns, 1).Then("first", TestNetwork.Conv(channels, kernel: 1));
                if (layer is LayerKind.Dense)
                    network.Then("mean", new LayerKind.GlobalAveragePooling2D());
                var graph = network.Then("layer", layer).Graph();
                AssertAgrees(graph, TestNetwork.Weights(graph, seed), 1e-5);
            },
            iter: 100);

    private static void AssertAgrees(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, double tolerance)
    {
        var shape = ((LayerKind.Input)graph[graph.Inputs[0]].Kind).Shape;
        var (rows, columns) = (shape.Sizes[0]!.Value, shape.Sizes[1]!.Value);
        var planes = Enumerable.Range(0, 2)
            .Select(image => Enumerable.Range(0, rows * columns).Select(at => (((at * 37) + (image * 11)) % 101 / 50f) - 1).ToArray()).ToArray();
        using var exact = new TorchEngine(graph, weights, "cpu", Precision.Float64);
        using var engine = new ManagedEngine(graph, weights, new ManagedOptions { Threads = 2 });
        var batch = new PlaneBatch(rows, columns, planes);
        var (expected, found) = (exact.Run(batch).Values, engine.Run(batch).Values);
        var scale = 1 + expected.Max(Math.Abs);
        Assert.Equal(expected.Length, found.Length);
        for (var index = 0; index < found.Length; index++)
            Assert.True(Math.Abs(expected[index] - found[index]) <= tolerance * scale, $"{index}: {found[index]} for {expected[index]}");
    }
}
