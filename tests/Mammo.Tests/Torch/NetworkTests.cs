using System.Collections.Frozen;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Torch;
using static TorchSharp.torch;

namespace Mammo.Tests.Torch;

public class NetworkTests
{
    private static readonly LayerGraph Graph = new TestGraph(8, 8, 3)
        .Then("conv1", TestGraph.Conv(4, activation: Activation.Relu))
        .Then("norm", TestGraph.Norm())
        .Then("pool", new LayerKind.GlobalAveragePooling2D())
        .Then("dense", new LayerKind.Dense(2, UseBias: true, Activation.Softmax))
        .Graph();

    private static readonly Dictionary<string, Weight> Weights = RandomWeights.For(Graph, 1);

    [Theory]
    [InlineData(Precision.Float32, true)]
    [InlineData(Precision.Float64, true)]
    [InlineData(Precision.BFloat16, true)]
    [InlineData(Precision.BFloat16, false)]
    public void Weights_come_out_as_they_went_in(Precision precision, bool forTraining)
    {
        using var network = NetworkRuns.New(Graph, Weights, precision, forTraining);
        var isRounded = precision == Precision.BFloat16 && !forTraining;
        foreach (var (name, weight) in network.CopyWeights())
        {
            Assert.Equal(Weights[name].Shape, weight.Shape);
            if (isRounded && weight.Shape.Length == 4)
                Assert.All(
                    weight.Values.Paired(Weights[name].Values), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, Math.Abs(pair.Second) / 256));
            else
                Assert.Equal(Weights[name].Values, weight.Values);
        }
    }

    [Fact]
    public void A_missing_weight_is_an_error()
    {
        var incomplete = Weights.Where(weight => weight.Key != "dense/bias").ToDictionary();
        var error = Assert.Throws<MammoException>(() => NetworkRuns.New(Graph, incomplete));
        Assert.Equal(ErrorIds.ModelWeightMismatch, error.ErrorId);
        Assert.Equal("dense/bias", error.Target);
    }

    [Fact]
    public void Weights_stand_in_the_order_of_the_plan()
    {
        using var network = NetworkRuns.New(Graph, Weights);
        Assert.Equal(WeightPlan.Of(Graph).Select(plan => plan.Name), network.Weights.Select(weight => weight.Plan.Name));
    }

    [Fact]
    public void Only_the_named_trainable_weights_are_given_gradients()
    {
        using var scope = NewDisposeScope();
        using var network = NetworkRuns.New(Graph, Weights);
        network.SetTrainable(new HashSet<string> { "dense/kernel", "norm/gamma", "norm/moving_mean" });
        network.Forward([NetworkRuns.Input(network, RandomWeights.Normal(8 * 8 * 3, 3), 1, 8, 8, 3)], Pass.Training(0))[0].square().sum().backward();
        Assert.Equal(["norm/gamma", "dense/kernel"], network.Weights.Where(weight => weight.Value.grad is not null).Select(weight => weight.Plan.Name));
    }

    [Fact]
    public void Outputs_of_layers_inside_are_returned_by_name()
    {
        using var scope = NewDisposeScope();
        using var network = NetworkRuns.New(Graph, Weights);
        var input = NetworkRuns.Input(network, RandomWeights.Normal(8 * 8 * 3, 3), 1, 8, 8, 3);
        var inside = network.Forward([input], Pass.Inference, FrozenSet.Create("conv1", "pool"));
        Assert.Equal(["conv1", "pool"], inside.Keys.Order());
        Assert.Equal([1, 4, 8, 8], inside["conv1"].shape);
        Assert.Equal([1, 4], inside["pool"].shape);
        Assert.True(inside["conv1"].min().item<double>() >= 0);
    }

    [Fact]
    public void Planes_and_kernels_have_the_channels_last_in_memory()
    {
        using var scope = NewDisposeScope();
        using var network = NetworkRuns.New(Graph, Weights);
        var input = NetworkRuns.Input(network, RandomWeights.Normal(8 * 8 * 3, 3), 1, 8, 8, 3);
        var planes = network.Forward([input], Pass.Inference, FrozenSet.Create("conv1", "norm"));
        Assert.All([input, network["conv1/kernel"], .. planes.Values], tensor => Assert.Equal(1, tensor.stride(1)));
    }

    [Fact]
    public void BFloat16_results_are_float32_and_near_the_exact_ones()
    {
        var x = RandomWeights.Normal(8 * 8 * 3, 3);
        var exact = NetworkRuns.Infer(Graph, Weights, x, [1, 8, 8, 3]);
        Assert.InRange(NetworkRuns.Distance(exact, NetworkRuns.Infer(Graph, Weights, x, [1, 8, 8, 3], Precision.BFloat16)), 0, 0.01);
        using var scope = NewDisposeScope();
        using var network = NetworkRuns.New(Graph, Weights, Precision.BFloat16);
        Assert.Equal(ScalarType.Float32, network.Forward([NetworkRuns.Input(network, x, 1, 8, 8, 3)], Pass.Inference)[0].dtype);
    }

    [Fact]
    public void BFloat16_training_gives_float32_gradients_near_the_exact_ones()
    {
        var exact = Gradient(Precision.Float64);
        var largest = exact.Max(Math.Abs);
        Assert.All(exact.Paired(Gradient(Precision.BFloat16)), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.05 * largest));

        static double[] Gradient(Precision precision)
        {
            using var scope = NewDisposeScope();
            using var network = NetworkRuns.New(Graph, Weights, precision, forTraining: true);
            network.SetTrainable(new HashSet<string> { "conv1/kernel" });
            var input = NetworkRuns.Input(network, RandomWeights.Normal(2 * 8 * 8 * 3, 3), 2, 8, 8, 3);
            // With the batch's own statistics, norm and mean together would leave almost no gradient.
            network.Forward([input], Pass.Training(0, FrozenSet.Create("norm")))[0].select(1, 0).log().sum().backward();
            var gradient = network["conv1/kernel"].grad!;
            Assert.Equal(precision == Precision.BFloat16 ? ScalarType.Float32 : ScalarType.Float64, gradient.dtype);
            return NetworkRuns.Values(gradient);
        }
    }

    [Fact]
    public void Training_leaves_the_weights_it_was_given_alone()
    {
        var given = Weights.ToDictionary(weight => weight.Key, weight => weight.Value with { Values = [.. weight.Value.Values] });
        using var network = NetworkRuns.New(Graph, given, Precision.Float32);
        foreach (var weight in network.Weights)
            weight.Value.add_(1);
        Assert.All(given, weight => Assert.Equal(Weights[weight.Key].Values, weight.Value.Values));
    }

    [Fact]
    public void Passes_leave_no_tensors_behind()
    {
        using var network = NetworkRuns.New(Graph, Weights);
        network.SetTrainable(Weights.Keys.ToFrozenSet());
        var counts = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            using (var scope = NewDisposeScope())
            {
                var input = NetworkRuns.Input(network, RandomWeights.Normal(8 * 8 * 3, i), 1, 8, 8, 3);
                network.Forward([input], Pass.Training((ulong)i))[0].square().sum().backward();
                new GradientCheckpointing(network, [1, 2]).Run([input], Pass.Training((ulong)i), outputs => outputs[0].square().sum());
            }

            counts.Add(TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
        }

        Assert.All(counts, count => Assert.Equal(counts[0], count));
    }
}
