using Mammo.Networks.Graphs;
using Mammo.Networks.Graphs.Rewriting;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;
using Mammo.Tests.Scoring.Engines;

namespace Mammo.Tests.Networks.Graphs.Rewriting;

public sealed class InferenceFormTests
{
    [Fact]
    public void Convolution_norm_dropout_and_activation_become_one_layer()
    {
        var graph = new TestNetwork().Input("in", 6, 7, 3)
            .Then("conv", TestNetwork.Conv(4, useBias: false)).Then("drop", new LayerKind.Dropout(0.5)).Then("norm", TestNetwork.Norm())
            .Then("linear", TestNetwork.Act(Activation.Linear)).Then("relu", TestNetwork.Act(Activation.Relu)).Graph();

        var form = SameFunction(graph);

        Assert.Equal(["in", "conv"], form.Graph.Layers.Select(layer => layer.Name));
        Assert.Equal(["conv"], form.Graph.Outputs);
        Assert.Equal(TestNetwork.Conv(4, activation: Activation.Relu), form.Graph["conv"].Kind);
        Assert.Equal(["conv/bias", "conv/kernel"], form.Weights.Keys.Order());
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Every_kind_with_a_kernel_takes_in_a_norm(bool scale, bool center)
    {
        var one = Size2D.Square(1);
        LayerKind[] kinds =
        [
            TestNetwork.Conv(5),
            new LayerKind.SeparableConv2D(5, Size2D.Square(3), one, Padding.Same, one, 2, false, Activation.Linear),
            new LayerKind.DepthwiseConv2D(Size2D.Square(3), one, Padding.Same, one, 2, false, Activation.Linear),
            new LayerKind.Dense(5, false, Activation.Linear),
        ];
        foreach (var kind in kinds)
        {
            var graph = new TestNetwork().Input("in", 6, 7, 3).Then("layer", kind).Then("norm", TestNetwork.Norm(scale, center)).Graph();
            Assert.Equal(2, SameFunction(graph).Graph.Layers.Length);
        }
    }

    [Fact]
    public void Norm_after_dense_on_features_is_folded()
    {
        var graph = new TestNetwork().Input("in", 9).Then("dense", new LayerKind.Dense(4, true, Activation.Linear)).Then("norm", TestNetwork.Norm())
            .Then("relu", TestNetwork.Act(Activation.Relu)).Graph();
        Assert.Equal(["in", "dense"], SameFunction(graph).Graph.Layers.Select(layer => layer.Name));
    }

    [Fact]
    public void What_would_change_the_function_stays()
    {
        // A norm before a convolution, behind an activation, behind a layer that is used twice, and one whose layer is itself returned.
        var graph = new TestNetwork().Input("in", 6, 7, 3)
            .Then("norm0", TestNetwork.Norm()).Then("conv1", TestNetwork.Conv(3, activation: Activation.Relu)).Then("norm1", TestNetwork.Norm())
            .Then("conv2", TestNetwork.Conv(3)).Then("norm2", TestNetwork.Norm()).Then("relu2", TestNetwork.Act(Activation.Relu), "conv2")
                .Then("add", new LayerKind.Add(), "norm2", "relu2")
            .Then("conv3", TestNetwork.Conv(3)).Then("norm3", TestNetwork.Norm()).Graph("conv3", "norm3");
        Assert.Equal(graph.Layers, SameFunction(graph).Graph.Layers, (left, right) => left.Name == right.Name && left.Kind == right.Kind);
    }

    [Fact]
    public void Outputs_stay_distinct()
    {
        var graph = new TestNetwork().Input("in", 6, 7, 3).Then("conv", TestNetwork.Conv(3)).Then("drop", new LayerKind.Dropout(0.5)).Graph("conv", "drop");
        Assert.Equal(["conv", "drop"], SameFunction(graph).Graph.Outputs);
    }

    [Fact]
    public void Calls_of_a_shared_convolution_are_folded_each_by_its_own_norm()
    {
        var graph = new TestNetwork().Input("in", 6, 7, 3)
            .Then("conv", TestNetwork.Conv(3)).Then("norm_a", TestNetwork.Norm()).Again("conv_again", "conv").Then("norm_b", TestNetwork.Norm())
                .Again("conv_third", "conv").Graph();

        var form = SameFunction(graph);

        Assert.Equal(["in", "conv", "conv_again", "conv_third"], form.Graph.Layers.Select(layer => layer.Name));
        Assert.All(form.Graph.Layers, layer => Assert.Null(layer.SharedWith));
    }

    [Fact]
    public void Calls_of_a_shared_norm_are_folded_where_they_can_be()
    {
        var graph = new TestNetwork().Input("in", 6, 7, 3)
            .Then("conv_a", TestNetwork.Conv(3)).Then("norm", TestNetwork.Norm())
                .Then("pool", new LayerKind.MaxPooling2D(Size2D.Square(2), Size2D.Square(1), Padding.Same))
            .Again("norm_again", "norm").Then("conv_b", TestNetwork.Conv(3)).Again("norm_third", "norm").Graph();
        Assert.Equal(["in", "conv_a", "pool", "norm_again", "conv_b"], SameFunction(graph).Graph.Layers.Select(layer => layer.Name));
    }

    /// <summary>A model with such a network is not made, so that no rewriting meets it.</summary>
    [Theory]
    [InlineData(4, 8)]
    [InlineData(8, 4)]
    public void Calls_of_a_shared_norm_have_its_number_of_channels(int first, int second)
    {
        var graph = new TestNetwork().Input("in", 6, 7, 3).Then("a", TestNetwork.Conv(first)).Then("norm", TestNetwork.Norm())
            .Then("b", TestNetwork.Conv(second)).Again("again", "norm").Graph();
        var failure = Assert.Throws<MammoException>(() => new MammoModel("m", graph, TestNetwork.Weights(graph), new ModelCard()));
        Assert.Equal(ErrorIds.ModelWeightMismatch, failure.ErrorId);
        Assert.Contains("'again'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_of_a_shared_layer_need_no_weights_that_it_has_not()
    {
        var graph = new TestNetwork().Input("in", 6, 7, 3).Then("conv", TestNetwork.Conv(3)).Again("again", "conv").Graph();
        var layers = graph.Layers.Select(layer =>
            layer.Kind is LayerKind.Conv2D conv ? layer with { Kind = conv with { UseBias = layer.Name == "again" } } : layer);
        var mixed = new LayerGraph("mixed", [.. layers], graph.Outputs);
        var failure = Assert.Throws<MammoException>(() => new MammoModel("m", mixed, TestNetwork.Weights(mixed), new ModelCard()));
        Assert.Equal(ErrorIds.ModelWeightMismatch, failure.ErrorId);
    }

    [Fact]
    public void Unchanged_weights_are_not_copied()
    {
        var graph = new TestNetwork().Input("in", 6, 7, 3).Then("conv", TestNetwork.Conv(3)).Then("relu", TestNetwork.Act(Activation.Relu)).Graph();
        var weights = TestNetwork.Weights(graph);
        Assert.Same(weights["conv/kernel"].Values, InferenceForm.Of(graph, weights).Weights["conv/kernel"].Values);
    }

    [Fact]
    public void Folded_weights_are_not_kept_beside_the_model()
    {
        var graph = new TestNetwork().Input("in", 6, 7, 3).Then("conv", TestNetwork.Conv(3)).Then("norm", TestNetwork.Norm()).Graph();
        foreach (var equalPlanes in new[] { false, true })
        {
            var weights = InferenceForm.Of(graph, TestNetwork.Weights(graph), equalPlanes).Weights;
            Assert.NotSame(weights["conv/kernel"].Values, weights["conv/kernel"].Values);
            Assert.Equal(weights["conv/kernel"].Values, weights["conv/kernel"].Values);
        }
    }

    /// <summary>The inference form, after checking that it is complete and computes the same from random input.</summary>
    private static InferenceForm SameFunction(LayerGraph graph)
    {
        var weights = TestNetwork.Weights(graph);
        var form = InferenceForm.Of(graph, weights);
        Assert.Equal(
            WeightPlan.Of(form.Graph).Select(shape => (shape.Name, string.Join(',', shape.Shape))).Order(),
            form.Weights.Select(weight => (weight.Key, string.Join(',', weight.Value.Shape))).Order());
        int[] shape = [2, .. ((LayerKind.Input)graph.Layers[0].Kind).Shape.Sizes.Select(size => size!.Value)];
        Values[] input = [Values.Random(7, shape)];
        Assert.InRange(OnnxRunner.Run(form.Graph, form.Weights, input).Difference(OnnxRunner.Run(graph, weights, input)), 0, 3e-6);
        return form;
    }
}
