using System.Collections.Frozen;
using System.Collections.Immutable;
using CsCheck;
using Mammo.Networks.Graphs;
using Mammo.PowerShell.Common;
using Mammo.Torch;
using TorchSharp;

using static TorchSharp.torch;
using Padding = Mammo.Networks.Graphs.Padding;

namespace Mammo.Tests.Torch;

public class GradientCheckpointingTests
{
    // Everything that makes segments hard: skip connections across cuts, a layer called twice, dropout, batch norm, two outputs of which one comes early.
    private static readonly LayerGraph Graph = new TestGraph(12, 10, 3)
        .Then("conv1", TestGraph.Conv(4, activation: Activation.Relu))
        .Then("conv2", TestGraph.Conv(4))
        .Then("norm", TestGraph.Norm())
        .Then("relu", new LayerKind.Activate(Activation.Relu))
        .Then("drop", new LayerKind.Dropout(0.3))
        .Again("conv2_again", "conv2", "drop")
        .Then("add", new LayerKind.Add(), "conv1", "conv2_again", "relu")
        .Then("early", new LayerKind.GlobalAveragePooling2D())
        .Then("pool", new LayerKind.MaxPooling2D(Size2D.Square(2), Size2D.Square(2), Padding.Valid), "add")
        .Then("join", new LayerKind.Concatenate(-1), "pool", "pool")
        .Then("flat", new LayerKind.Flatten())
        .Then("dense", new LayerKind.Dense(4, UseBias: true, Activation.Tanh))
        .Then("drop2", new LayerKind.Dropout(0.5))
        .Then("sum", new LayerKind.Add(), "drop2", "early")
        .Then("softmax", new LayerKind.Dense(3, UseBias: true, Activation.Softmax))
        .Graph("early", "softmax");

    private static readonly Dictionary<string, Weight> Weights = RandomWeights.For(Graph, 1);
    private static readonly FrozenSet<string> All = [.. Weights.Keys];

    [Fact]
    public void Gradients_losses_outputs_and_moving_statistics_are_those_of_an_ordinary_pass() =>
        Gen.Int[1, Graph.Layers.Length - 1].HashSet[0, 6].Select(cuts => cuts.Order().ToArray()).Sample(cuts => AssertEqual(cuts, All), iter: 40, threads: 1);

    [Fact]
    public void A_pass_in_pieces_image_by_image_where_images_do_not_mix_is_an_ordinary_pass()
    {
        var cost = Gen.Int[0, 2].Select(kind => new[] { 0, ComputeCost.MostInCall / 3, 2 * ComputeCost.MostInCall }[kind]);
        var byImage = 0;
        Gen.Select(Gen.Int[1, Graph.Layers.Length - 1].HashSet[0, 3], cost.Array[Graph.Layers.Length - 1]).Sample(
            (cuts, costs) =>
            {
                ImmutableArray<Piece> Cut(int first, int end) => Pieces.Of(Graph, first, end, [0, .. costs], Pieces.MixingInTraining([]));
                byImage += Cut(0, Graph.Layers.Length).Count(piece => piece.ByImage);
                AssertEqual([.. cuts.Order()], All, Cut);
            },
            iter: 40,
            threads: 1);
        Assert.True(byImage > 40);
    }

    [Fact]
    public void Frozen_weights_get_no_gradient_and_need_no_second_run() =>
        AssertEqual(
            [3, 8, 11], [.. All.Where(name => name.StartsWith("dense", StringComparison.Ordinal) || name.StartsWith("softmax", StringComparison.Ordinal))]);

    [Fact]
    public void Chosen_cuts_are_ascending_and_inside_the_network()
    {
        var cuts = SegmentCuts.Choose(Graph);
        Assert.Equal(cuts.Order().Distinct(), cuts);
        Assert.All(cuts, cut => Assert.InRange(cut, 1, Graph.Layers.Length - 1));
        AssertEqual(cuts, All);
    }

    [Fact]
    public void A_long_chain_is_cut_into_several_segments()
    {
        var builder = new TestGraph(64, 64, 8);
        for (var i = 0; i < 20; i++)
            builder.Then($"conv{i}", TestGraph.Conv(8, activation: Activation.Relu));
        Assert.InRange(SegmentCuts.Choose(builder.Graph()).Length, 3, 8);
    }

    [Fact]
    public void A_heavy_layer_is_a_piece_of_its_own_and_run_image_by_image_unless_images_mix_in_it()
    {
        var graph = new TestGraph(8, 8, 3).Then("a", TestGraph.Conv(4)).Then("norm", TestGraph.Norm()).Then("b", TestGraph.Conv(4))
            .Then("relu", new LayerKind.Activate(Activation.Relu)).Then("c", TestGraph.Conv(4)).Graph();
        const long Heavy = 2 * ComputeCost.MostInCall;
        Assert.Equal(["a by image", "norm", "b relu by image", "c by image"], Cut(Pieces.MixingInTraining([]), Heavy, Heavy, Heavy));
        Assert.Equal(["a norm by image", "b relu by image", "c by image"], Cut(Pieces.MixingInTraining(["norm"]), Heavy, Heavy, Heavy));
        Assert.Equal(["a norm b relu", "c by image"], Cut(Pieces.MixingInTraining([]), 5, 5, Heavy));
        Assert.Equal(["a norm b relu c"], Cut(Pieces.MixingInTraining([]), 5, 5, 5));

        IEnumerable<string> Cut(Func<Layer, bool> mixes, long a, long b, long c) =>
            Pieces.Of(graph, 0, graph.Layers.Length, [0, a, 0, b, 0, c], mixes).Select(piece =>
                string.Join(' ', graph.Layers[piece.Layers.First..piece.Layers.End]
                    .Where(layer => layer.Kind is not LayerKind.Input).Select(layer => layer.Name))
                + (piece.ByImage ? " by image" : string.Empty));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_pass_can_be_cancelled_on_its_way_and_before_it_goes_back(bool hasReachedTheLoss)
    {
        using var scope = NewDisposeScope();
        using var network = NetworkRuns.New(Graph, Weights);
        network.SetTrainable(All);
        using var stop = new CancellationTokenSource();
        if (!hasReachedTheLoss)
            stop.Cancel();
        Tensor[] inputs = [NetworkRuns.Input(network, RandomWeights.Normal(2 * 12 * 10 * 3, 2), 2, 12, 10, 3)];
        var reached = false;
        Assert.Throws<OperationCanceledException>(() => new GradientCheckpointing(network, [4, 8]).Run(
            inputs,
            Pass.Training(9) with { Cancellation = stop.Token },
            outputs =>
            {
                reached = true;
                stop.Cancel();
                return outputs[1].sum();
            }));
        Assert.Equal(hasReachedTheLoss, reached);
        Assert.All(network.Weights, weight => Assert.Null(weight.Value.grad));
    }

    private static void AssertEqual(int[] cuts, FrozenSet<string> trainable, Func<int, int, ImmutableArray<Piece>>? pieces = null)
    {
        var expected = Step(null, trainable);
        var actual = Step(cuts, trainable, pieces);
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (var (name, values) in expected)
            Assert.InRange(NetworkRuns.Distance(values, actual[name]), 0, 1e-12);
    }

    private static Dictionary<string, double[]> Step(int[]? cuts, FrozenSet<string> trainable, Func<int, int, ImmutableArray<Piece>>? pieces = null)
    {
        using var scope = NewDisposeScope();
        using var network = NetworkRuns.New(Graph, Weights);
        network.SetTrainable(trainable);
        Tensor[] inputs = [NetworkRuns.Input(network, RandomWeights.Normal(2 * 12 * 10 * 3, 2), 2, 12, 10, 3)];
        var (loss, outputs) = cuts is null ? Plain(network, inputs) : new GradientCheckpointing(network, cuts, pieces).Run(inputs, Pass.Training(9), Loss);
        var results = new Dictionary<string, double[]>
        { ["loss"] = NetworkRuns.Values(loss), ["early"] = NetworkRuns.Values(outputs[0]), ["softmax"] = NetworkRuns.Values(outputs[1]) };
        foreach (var (plan, value) in network.Weights)
        {
            results[plan.Name] = NetworkRuns.Values(value);
            if (value.grad is { } gradient)
                results["gradient of " + plan.Name] = NetworkRuns.Values(gradient);
        }

        Assert.Equal(
            trainable.Count(name => !name.Contains("moving", StringComparison.Ordinal)),
            results.Keys.Count(name => name.StartsWith("gradient", StringComparison.Ordinal)));
        return results;

        Tensor Loss(Tensor[] outputs) =>
            (outputs[0] * outputs[0]).sum() - (outputs[1][TensorIndex.Colon, 1].log().sum() * 3) + (network["conv1/kernel"].square().sum() * 0.1);
    }

    private static (Tensor Loss, Tensor[] Outputs) Plain(Network network, Tensor[] inputs)
    {
        var outputs = network.Forward(inputs, Pass.Training(9));
        var loss = (outputs[0] * outputs[0]).sum() - (outputs[1][TensorIndex.Colon, 1].log().sum() * 3) + (network["conv1/kernel"].square().sum() * 0.1);
        loss.backward();
        return (loss, outputs);
    }
}
