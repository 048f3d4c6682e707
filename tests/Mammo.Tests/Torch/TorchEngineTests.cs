using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Torch;
using TorchSharp;
using Padding = Mammo.Networks.Graphs.Padding;

namespace Mammo.Tests.Torch;

public class TorchEngineTests
{
    private static readonly LayerGraph Graph = new TestGraph(null, null, 3)
        .Then("conv1", TestGraph.Conv(8))
        .Then("norm1", TestGraph.Norm())
        .Then("relu1", new LayerKind.Activate(Activation.Relu))
        .Then("pool1", new LayerKind.MaxPooling2D(Size2D.Square(2), Size2D.Square(2), Padding.Valid))
        .Then("conv2", TestGraph.Conv(8, stride: 2))
        .Then("norm2", TestGraph.Norm())
        .Then("shortcut", TestGraph.Conv(8, kernel: 1, stride: 2), "pool1")
        .Then("add", new LayerKind.Add(), "norm2", "shortcut")
        .Then("relu2", new LayerKind.Activate(Activation.Relu))
        .Then("drop", new LayerKind.Dropout(0.5))
        .Then("pool", new LayerKind.GlobalAveragePooling2D())
        .Then("dense", new LayerKind.Dense(3, UseBias: true, Activation.Softmax))
        .Graph();

    private static readonly Dictionary<string, Weight> Weights = RandomWeights.For(Graph, 1);

    [Theory]
    [InlineData(Precision.Float64, 1e-14)]
    [InlineData(Precision.Float32, 1e-6)]
    [InlineData(Precision.BFloat16, 2e-2)]
    public void Every_precision_gives_the_networks_numbers(Precision precision, double tolerance)
    {
        var batch = Batch(2, 16, 12);
        float[] input = [.. batch.Planes.SelectMany(plane => plane).SelectMany(value => Enumerable.Repeat(value, 3))];
        var expected = NetworkRuns.Infer(Graph, Weights, input, [2, 16, 12, 3]);
        using var engine = new TorchEngine(Graph, Weights, "cpu", precision);
        var output = engine.Run(batch, TestContext.Current.CancellationToken);
        Assert.Equal([2, 3], output.Shape);
        Assert.InRange(NetworkRuns.Distance(expected, output.Values), 0, tolerance);
        Assert.Equal($"torch cpu {precision.ToString().ToLowerInvariant()}", engine.Name);
    }

    [Fact]
    public void Heatmaps_come_out_in_Keras_order()
    {
        var graph = new TestGraph(4, 6, 1).Then("heat", new LayerKind.Dense(2, UseBias: false, Activation.Linear)).Graph();
        using var engine = new TorchEngine(graph, new Dictionary<string, Weight> { ["heat/kernel"] = new([2, 1], [1, -1]) }, "cpu", Precision.Float32);
        float[] plane = [.. Enumerable.Range(0, 24).Select(value => (float)value)];
        var output = engine.Run(new PlaneBatch(4, 6, [plane]), TestContext.Current.CancellationToken);
        Assert.Equal([1, 4, 6, 2], output.Shape);
        Assert.Equal(plane.SelectMany(value => new double[] { value, -value }), output.Values);
    }

    [Fact]
    public void Batches_leave_no_tensors_behind()
    {
        using var engine = new TorchEngine(Graph, Weights, "cpu", Precision.Float32);
        engine.Run(Batch(2, 16, 12), TestContext.Current.CancellationToken);
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        for (var i = 0; i < 20; i++)
            engine.Run(Batch(1 + (i % 3), 16, 12 + i), TestContext.Current.CancellationToken);
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Another_size_than_the_networks_is_an_error()
    {
        var graph = new TestGraph(16, 12, 1).Then("pool", new LayerKind.GlobalAveragePooling2D()).Graph();
        using var engine = new TorchEngine(graph, new Dictionary<string, Weight>(), "cpu", Precision.Float32);
        Assert.Equal(ErrorIds.ModelInputMismatch, Assert.Throws<MammoException>(() =>
            engine.Run(Batch(1, 16, 16), TestContext.Current.CancellationToken)).ErrorId);
    }

    [Fact]
    public void An_image_too_small_for_the_network_is_an_error_that_names_the_layer()
    {
        using var engine = new TorchEngine(Graph, Weights, "cpu", Precision.Float32);
        var error = Assert.Throws<MammoException>(() => engine.Run(Batch(1, 1, 12), TestContext.Current.CancellationToken));
        Assert.Equal((ErrorIds.ModelGraphInvalid, "pool1"), (error.ErrorId, error.Target));
    }

    [Fact]
    public void A_map_that_no_memory_can_hold_is_an_error()
    {
        var graph = new TestGraph(4, 4, 1)
            .Then("up", new LayerKind.UpSampling2D(Size2D.Square(1 << 8)))
            .Then("above", new LayerKind.UpSampling2D(Size2D.Square(1 << 19)))
            .Then("pool", new LayerKind.GlobalAveragePooling2D())
            .Graph();
        using var engine = new TorchEngine(graph, new Dictionary<string, Weight>(), "cpu", Precision.Float32);
        var error = Assert.Throws<MammoException>(() => engine.Run(Batch(1, 4, 4), TestContext.Current.CancellationToken));
        Assert.Equal(ErrorIds.EngineFailed, error.ErrorId);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Two_inputs_are_an_error()
    {
        var input = new Layer("second", new LayerKind.Input(TensorShape.Of(4, 4, 1)), []);
        var graph = new LayerGraph("two", [new Layer("first", input.Kind, []), input, new Layer("add", new LayerKind.Add(), ["first", "second"])], ["add"]);
        Assert.Equal(
            ErrorIds.ModelInputMismatch,
            Assert.Throws<MammoException>(() => new TorchEngine(graph, new Dictionary<string, Weight>(), "cpu", Precision.Float32)).ErrorId);
    }

    private static PlaneBatch Batch(int count, int rows, int columns) =>
        new(rows, columns, [.. Enumerable.Range(0, count).Select(seed => RandomWeights.Normal(rows * columns, seed))]);
}
