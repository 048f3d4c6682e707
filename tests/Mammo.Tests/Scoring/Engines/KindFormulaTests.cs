using Mammo.Networks.Graphs;
using Mammo.Tests.Torch;

namespace Mammo.Tests.Scoring.Engines;

/// <summary>Kinds that have a plain formula, in both engines, against the formula in float64.</summary>
public sealed class KindFormulaTests
{
    private static readonly double[] Inputs = [-1000, -7, -3, -2.9, -1, -0.25, 0, 0.25, 1, 2.9, 3, 5.9, 6, 7, 80];

    // Gelu's values are x·Φ(x) of tables of the normal distribution.
    [Theory]
    [InlineData(Activation.Relu6, 7, 6)]
    [InlineData(Activation.Relu6, -1, 0)]
    [InlineData(Activation.Swish, 1, 0.7310585786300049)]
    [InlineData(Activation.Swish, -7, -0.006377358360804518)]
    [InlineData(Activation.Gelu, 1, 0.8413447460685429)]
    [InlineData(Activation.Gelu, -1, -0.1586552539314571)]
    [InlineData(Activation.Gelu, 0.25, 0.1496766, 1e-7)]
    [InlineData(Activation.Gelu, 80, 80)]
    [InlineData(Activation.HardSwish, 1, 0.6666666666666666)]
    [InlineData(Activation.HardSwish, 7, 7)]
    [InlineData(Activation.HardSwish, -3, 0)]
    [InlineData(Activation.HardSigmoid6, 1, 0.6666666666666666)]
    [InlineData(Activation.HardSigmoid6, -7, 0)]
    [InlineData(Activation.Exponential, 1, 2.718281828459045)]
    public void Activations_have_their_values(Activation activation, double x, double expected, double tolerance = 1e-12)
    {
        var graph = new TestNetwork().Input("in", 1).Then("act", TestNetwork.Act(activation)).Graph();
        Assert.Equal(expected, NetworkRuns.Infer(graph, TestNetwork.Weights(graph), [(float)x], [1, 1])[0], tolerance);
        Assert.Equal(
            expected,
            OnnxRunner.Run(graph, TestNetwork.Weights(graph), [new Values([1, 1], [x])]).Items[0],
            Math.Max(tolerance, 1e-6 * Math.Max(1, Math.Abs(expected))));
    }

    [Fact]
    public void Both_engines_agree_on_every_activation() => Assert.All(Enum.GetValues<Activation>(), activation =>
    {
        var graph = new TestNetwork().Input("in", 1, Inputs.Length, 1).Then("act", TestNetwork.Act(activation)).Graph();
        var onnx = OnnxRunner.Run(graph, TestNetwork.Weights(graph), [new Values([1, 1, Inputs.Length, 1], Inputs)]);
        var torch = NetworkRuns.Infer(
            graph, TestNetwork.Weights(graph), [.. Inputs.Select(value => (float)value)], [1, 1, Inputs.Length, 1], Mammo.Networks.Models.Precision.Float32);
        Assert.Equal(torch.Length, onnx.Items.Length);
        Assert.All(
            torch.Zip(onnx.Items),
            pair => Assert.Equal(pair.First, pair.Second, pair.First.Equals(pair.Second) ? 0 : 2e-6 * Math.Max(1, Math.Abs(pair.First))));
    });

    [Fact]
    public void Scaling_works_channel_by_channel()
    {
        var graph = new TestNetwork().Input("in", 1, 2, 2)
            .Then("norm", new LayerKind.Normalization()).Then("each", new LayerKind.Rescaling([2, -1], [10]))
                .Then("all", new LayerKind.Rescaling([0.5], [1, 2])).Graph();
        var weights = new Dictionary<string, Weight> { ["norm/mean"] = new([2], [1, 2]), ["norm/variance"] = new([2], [4, 0.25f]) };

        // ((x - mean) / deviation · scale + 10) · 0.5 + offset, by hand.
        double[] expected = [
            (((3 - 1) / 2.0 * 2) + 10) / 2 + 1, (((4 - 2) / 0.5 * -1) + 10) / 2 + 2, (((-5 - 1) / 2.0 * 2) + 10) / 2 + 1, (((0 - 2) / 0.5 * -1) + 10) / 2 + 2];
        Assert.Equal(expected, NetworkRuns.Infer(graph, weights, [3, 4, -5, 0], [1, 1, 2, 2]));
        Assert.Equal(expected, OnnxRunner.Run(graph, weights, [new Values([1, 1, 2, 2], [3, 4, -5, 0])]).Items);
    }

    [Fact]
    public void Layers_are_normalised_over_the_channels_of_each_position()
    {
        var graph = new TestNetwork().Input("in", 1, 2, 2)
            .Then("norm", new LayerKind.LayerNormalization(1, true, true)).Then("scale", new LayerKind.LayerScale()).Graph();
        var weights = new Dictionary<string, Weight>
        { ["norm/gamma"] = new([2], [2, 3]), ["norm/beta"] = new([2], [0, 1]), ["scale/gamma"] = new([2], [10, 0.5f]) };

        // Positions (1, 3) and (0, 4): means 2 and 2, variances 1 and 4.
        double[] expected = [-1 / Math.Sqrt(2) * 2 * 10, ((1 / Math.Sqrt(2) * 3) + 1) * 0.5, -2 / Math.Sqrt(5) * 2 * 10, ((2 / Math.Sqrt(5) * 3) + 1) * 0.5];
        Assert.InRange(NetworkRuns.Distance(expected, NetworkRuns.Infer(graph, weights, [1, 3, 0, 4], [1, 1, 2, 2])), 0, 1e-12);
        Assert.InRange(NetworkRuns.Distance(expected, OnnxRunner.Run(graph, weights, [new Values([1, 1, 2, 2], [1, 3, 0, 4])]).Items), 0, 1e-6);
    }

    [Fact]
    public void Groups_of_channels_are_convolved_by_themselves()
    {
        var graph = new TestNetwork().Input("in", 1, 1, 4).Then("conv", TestNetwork.Conv(2, kernel: 1, useBias: false) with { Groups = 2 }).Graph();
        var weights = new Dictionary<string, Weight> { ["conv/kernel"] = new([2, 2, 1, 1], [1, 10, 100, 1000]) };
        double[] expected = [1 + (2 * 10), (3 * 100) + (4 * 1000)];
        Assert.Equal(expected, NetworkRuns.Infer(graph, weights, [1, 2, 3, 4], [1, 1, 1, 4]));
        Assert.Equal(expected, OnnxRunner.Run(graph, weights, [new Values([1, 1, 1, 4], [1, 2, 3, 4])]).Items);
        var odd = Assert.Throws<MammoException>(() =>
            WeightPlan.Of(new TestNetwork().Input("in", 1, 1, 3).Then("conv", TestNetwork.Conv(2) with { Groups = 2 }).Graph()));
        Assert.Equal((ErrorIds.ModelGraphInvalid, "conv"), (odd.ErrorId, odd.Target));
    }

    [Fact]
    public void A_channel_that_does_not_vary_is_not_divided_by_zero()
    {
        var graph = new TestNetwork().Input("in", 1).Then("norm", new LayerKind.Normalization()).Graph();
        var weights = new Dictionary<string, Weight> { ["norm/mean"] = new([1], [0.5f]), ["norm/variance"] = new([1], [0]) };
        Assert.Equal(0, NetworkRuns.Infer(graph, weights, [0.5f], [1, 1])[0]);
        Assert.Equal(5e6, OnnxRunner.Run(graph, weights, [new Values([1, 1], [1])]).Items[0], 1);
    }

    [Fact]
    public void Gates_are_repeated_over_rows_and_columns()
    {
        var graph = new TestNetwork().Input("in", 1, 2, 2).Then("pool", new LayerKind.GlobalAveragePooling2D()).Then("gate", new LayerKind.Reshape([1, 1, -1]))
            .Then("product", new LayerKind.Multiply(), "in", "gate").Graph();
        double[] expected = [1 * 2, 2 * 3, 3 * 2, 4 * 3];
        Assert.Equal(expected, NetworkRuns.Infer(graph, TestNetwork.Weights(graph), [1, 2, 3, 4], [1, 1, 2, 2]));
        Assert.Equal(expected, OnnxRunner.Run(graph, TestNetwork.Weights(graph), [new Values([1, 1, 2, 2], [1, 2, 3, 4])]).Items);
    }
}
