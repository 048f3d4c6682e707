using Mammo.Networks.Graphs;
using Mammo.Networks.Graphs.Rewriting;

namespace Mammo.Tests.Scoring.Engines;

public sealed class EqualPlanesTests
{
    private static readonly Size2D One = Size2D.Square(1);

    public static TheoryData<string> Starts => [.. Networks.Keys];

    private static Dictionary<string, TestNetwork> Networks { get; } = new(StringComparer.Ordinal)
    {
        ["convolution"] = Image().Then("conv", TestNetwork.Conv(4, activation: Activation.Relu)),
        ["separable"] = Image().Then("conv", new LayerKind.SeparableConv2D(4, Size2D.Square(3), One, Padding.Same, One, 2, true, Activation.Linear)),
        ["depthwise"] = Image().Then("conv", new LayerKind.DepthwiseConv2D(Size2D.Square(3), One, Padding.Same, One, 2, true, Activation.Linear)),
        ["dense"] = Image().Then("dense", new LayerKind.Dense(4, true, Activation.Linear)),
        ["padding"] = Image().Then("pad", new LayerKind.ZeroPadding2D(new Border(2, 1, 0, 3))).Then("conv", TestNetwork.Conv(4, padding: Padding.Valid)),
        ["pools and activations"] = Image().Then("pool", new LayerKind.AveragePooling2D(Size2D.Square(2), Size2D.Square(2), Padding.Same))
            .Then("leaky", new LayerKind.LeakyRelu(0.3))
            .Then("tanh", TestNetwork.Act(Activation.Tanh)).Then("up", new LayerKind.UpSampling2D(new Size2D(2, 1))).Then("conv", TestNetwork.Conv(4)),
        ["two branches"] = Image().Then("conv_a", TestNetwork.Conv(4)).Then("conv_b", TestNetwork.Conv(4, kernel: 1), "in")
            .Then("add", new LayerKind.Add(), "conv_a", "conv_b"),
        ["shared convolution"] = Image().Then("crop", new LayerKind.Cropping2D(new Border(1, 1, 1, 1)))
            .Then("conv", TestNetwork.Conv(3, padding: Padding.Valid), "in")
            .Then("relu", TestNetwork.Act(Activation.Relu)).Again("again", "conv", "crop").Then("padded", new LayerKind.ZeroPadding2D(new Border(1, 1, 1, 1)))
                .Then("cat", new LayerKind.Concatenate(-1), "relu", "padded"),
    };

    [Theory]
    [MemberData(nameof(Starts))]
    public void One_plane_gives_what_three_equal_ones_give(string start)
    {
        var graph = Networks[start].Graph();
        var weights = TestNetwork.Weights(graph);

        var form = InferenceForm.Of(graph, weights, equalPlanes: true);

        Assert.Equal(TensorShape.Of(6, 7, 1), ((LayerKind.Input)form.Graph["in"].Kind).Shape);
        Assert.Equal(
            WeightPlan.Of(form.Graph).Select(shape => (shape.Name, shape.Elements)).Order(),
            form.Weights.Select(weight => (weight.Key, weight.Value.Values.LongLength)).Order());
        var plane = Values.Random(3, 2, 6, 7, 1);
        var three = new Values([2, 6, 7, 3], [.. plane.Items.SelectMany(value => Enumerable.Repeat(value, 3))]);
        Assert.InRange(OnnxRunner.Run(form.Graph, form.Weights, [plane]).Difference(OnnxRunner.Run(graph, weights, [three])), 0, 3e-6);
    }

    [Fact]
    public void Inputs_whose_channels_are_told_apart_keep_them()
    {
        TestNetwork[] networks =
        [
            Image().Then("norm", TestNetwork.Norm()).Then("conv", TestNetwork.Conv(4)),
            Image().Then("softmax", TestNetwork.Act(Activation.Softmax)).Then("conv", TestNetwork.Conv(4)),
            Image().Then("flatten", new LayerKind.Flatten()),
            Image().Then("conv", TestNetwork.Conv(3)).Then("add", new LayerKind.Add(), "conv", "in"),
            Image().Then("pool", new LayerKind.MaxPooling2D(Size2D.Square(2), Size2D.Square(2), Padding.Valid)),
        ];
        Assert.All(networks, network =>
        {
            var graph = network.Graph();
            Assert.Equal(graph["in"].Kind, InferenceForm.Of(graph, TestNetwork.Weights(graph), equalPlanes: true).Graph["in"].Kind);
        });
    }

    private static TestNetwork Image() => new TestNetwork().Input("in", 6, 7, 3);
}
