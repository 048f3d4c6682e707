using Mammo.Networks.Graphs;
using Mammo.Scoring;
using Mammo.Scoring.Engines;

namespace Mammo.Tests.Scoring.Engines;

public sealed class OnnxEngineTests
{
    [Fact]
    public void Every_image_of_a_batch_gets_its_own_values_in_keras_order()
    {
        var graph = new TestNetwork().Input("in", 5, 6, 3).Then("conv", TestNetwork.Conv(4, activation: Activation.Relu))
            .Then("dense", new LayerKind.Dense(2, true, Activation.Softmax)).Graph();
        var weights = TestNetwork.Weights(graph);
        var planes = Enumerable.Range(0, 3).Select(image => Values.Random(image, 30)).ToArray();

        using var engine = new OnnxEngine(graph, weights);
        var output = engine.Run(Batch(5, 6, planes), TestContext.Current.CancellationToken);

        Assert.Equal("onnx cpu float32", engine.Name);
        Assert.Equal([3, 5, 6, 2], output.Shape);
        for (var image = 0; image < planes.Length; image++)
            Assert.InRange(
                new Values([60], output.Of(image).ToArray()).Difference(new Values([60], Alone(graph, weights, planes[image], 5, 6, 3).Items)), 0, 1e-6);
    }

    [Fact]
    public void Networks_that_tell_channels_apart_get_the_plane_once_for_each()
    {
        var graph = new TestNetwork().Input("in", 5, 6, 3).Then("norm", TestNetwork.Norm()).Then("flatten", new LayerKind.Flatten())
            .Then("dense", new LayerKind.Dense(2, true, Activation.Linear)).Graph();
        var weights = TestNetwork.Weights(graph);
        var plane = Values.Random(1, 30);

        using var engine = new OnnxEngine(graph, weights);
        var output = engine.Run(Batch(5, 6, plane), TestContext.Current.CancellationToken);

        Assert.InRange(new Values([1, 2], output.Values).Difference(Alone(graph, weights, plane, 5, 6, 3)), 0, 1e-6);
    }

    [Fact]
    public void Open_networks_take_any_size()
    {
        var graph = new TestNetwork().Input("in", null, null, 1).Then("conv", TestNetwork.Conv(4, kernel: 7, stride: 2))
            .Then("pool", new LayerKind.GlobalAveragePooling2D()).Graph();
        var weights = TestNetwork.Weights(graph);
        using var engine = new OnnxEngine(graph, weights);
        foreach (var (rows, columns) in new[] { (8, 9), (7, 12), (20, 3) })
        {
            var plane = Values.Random(rows, rows * columns);
            Assert.InRange(
                new Values([1, 4], engine.Run(Batch(rows, columns, plane), TestContext.Current.CancellationToken).Values)
                    .Difference(Alone(graph, weights, plane, rows, columns, 1)), 0, 1e-6);
        }
    }

    [Theory]
    [InlineData(5, 7, 35)]
    [InlineData(4, 6, 24)]
    [InlineData(5, 6, 29)]
    public void Planes_that_do_not_fit_are_refused(int height, int width, int length)
    {
        var graph = new TestNetwork().Input("in", 5, 6, 3).Then("conv", TestNetwork.Conv(4)).Graph();
        using var engine = new OnnxEngine(graph, TestNetwork.Weights(graph));
        var error = Assert.Throws<MammoException>(() => engine.Run(new PlaneBatch(height, width, [new float[length]]), TestContext.Current.CancellationToken));
        Assert.Equal(ErrorIds.ModelInputMismatch, error.ErrorId);
    }

    [Fact]
    public void An_image_below_the_smallest_size_of_an_open_network_is_refused_with_the_layer()
    {
        var graph = new TestNetwork().Input(
            "in", null, null, 1).Then("pool", new LayerKind.AveragePooling2D(Size2D.Square(7), Size2D.Square(7),
            Padding.Valid)).Then("all", new LayerKind.GlobalAveragePooling2D()).Graph();
        using var engine = new OnnxEngine(graph, TestNetwork.Weights(graph));
        var error = Assert.Throws<MammoException>(() => engine.Run(new PlaneBatch(6, 9, [new float[54]]), TestContext.Current.CancellationToken));
        Assert.Equal((ErrorIds.ModelGraphInvalid, "pool"), (error.ErrorId, error.Target));
    }

    [Fact]
    public void Large_maps_are_run_in_parts_and_small_ones_together()
    {
        // 40 filters at 1024x1024 are 160 MB an image: one image a run; the 12 small ones go at once.
        var large = new TestNetwork().Input("in", null, null, 1).Then("conv", TestNetwork.Conv(40, kernel: 1)).Then("pool", new LayerKind.GlobalMaxPooling2D())
            .Graph();
        var weights = TestNetwork.Weights(large);
        using var engine = new OnnxEngine(large, weights);
        foreach (var (size, images) in new[] { (1024, 3), (8, 12) })
        {
            var planes = Enumerable.Range(0, images).Select(image => Values.Random(image, size * size)).ToArray();
            var output = engine.Run(Batch(size, size, planes), TestContext.Current.CancellationToken);
            for (var image = 0; image < images; image++)
                Assert.Equal(engine.Run(Batch(size, size, planes[image]), TestContext.Current.CancellationToken).Values, output.Of(image).ToArray());
        }
    }

    [Fact]
    public void Networks_of_two_outputs_are_refused()
    {
        var graph = new TestNetwork().Input("in", 5, 6, 1).Then("a", TestNetwork.Conv(2)).Then("b", TestNetwork.Conv(2)).Graph("a", "b");
        Assert.Equal(ErrorIds.ModelInputMismatch, Assert.Throws<MammoException>(() => new OnnxEngine(graph, TestNetwork.Weights(graph))).ErrorId);
    }

    [Fact]
    public void Networks_of_two_inputs_are_refused()
    {
        var graph = new TestNetwork().Input("a", 5, 6, 1).Input("b", 5, 6, 1).Then("add", new LayerKind.Add(), "a", "b").Graph();
        Assert.Equal(ErrorIds.ModelInputMismatch, Assert.Throws<MammoException>(() => new OnnxEngine(graph, TestNetwork.Weights(graph))).ErrorId);
    }

    private static PlaneBatch Batch(int height, int width, params Values[] planes) =>
        new(height, width, [.. planes.Select(plane => Array.ConvertAll(plane.Items, value => (float)value))]);

    private static Values Alone(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, Values plane, int rows, int columns, int channels) =>
        OnnxRunner.Run(graph, weights, [new Values([1, rows, columns, channels], [.. plane.Items.SelectMany(value => Enumerable.Repeat(value, channels))])]);
}
