using System.Collections.Frozen;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Torch;
using static TorchSharp.torch;

namespace Mammo.Tests.Torch;

public class BatchNormTests
{
    private const int Count = 2 * 3 * 4;
    private const double Momentum = 0.9;

    private static readonly LayerGraph Graph = new TestGraph(3, 4, 2).Then("norm", TestGraph.Norm(Momentum)).Graph();
    private static readonly Dictionary<string, Weight> Weights = RandomWeights.For(Graph, 5);
    private static readonly float[] Batch = RandomWeights.Normal(Count * 2, 6);

    [Fact]
    public void A_training_step_normalises_by_the_batch_and_mixes_its_biased_variance_into_the_moving_one()
    {
        using var network = NetworkRuns.New(Graph, Weights);
        var y = Run(network, Pass.Training(0));
        for (var channel = 0; channel < 2; channel++)
        {
            var values = Channel(Batch, channel);
            var mean = values.Average();
            var variance = values.Average(value => (value - mean) * (value - mean));
            var expected = values.Select(value => (Old("gamma", channel) * (value - mean) / Math.Sqrt(variance + 1e-3)) + Old("beta", channel)).ToArray();
            Assert.InRange(NetworkRuns.Distance(expected, Channel(y, channel)), 0, 1e-12);
            Assert.Equal((Momentum * Old("moving_mean", channel)) + ((1 - Momentum) * mean), New(network, "moving_mean", channel), 1e-14);
            Assert.Equal((Momentum * Old("moving_variance", channel)) + ((1 - Momentum) * variance), New(network, "moving_variance", channel), 1e-14);
        }
    }

    [Fact]
    public void A_frozen_layer_uses_its_moving_statistics_and_leaves_them_alone()
    {
        using var network = NetworkRuns.New(Graph, Weights);
        var frozen = Run(network, Pass.Training(0, FrozenSet.Create("norm")));
        Assert.Equal(Run(network, Pass.Inference), frozen);
        Assert.Equal(Weights["norm/moving_mean"].Values, network.CopyWeights()["norm/moving_mean"].Values);
        Assert.Equal(Weights["norm/moving_variance"].Values, network.CopyWeights()["norm/moving_variance"].Values);
    }

    [Fact]
    public void Inference_normalises_by_moving_statistics()
    {
        using var network = NetworkRuns.New(Graph, Weights);
        var y = Run(network, Pass.Inference);
        for (var channel = 0; channel < 2; channel++)
        {
            var scale = Old("gamma", channel) / Math.Sqrt(Old("moving_variance", channel) + 1e-3);
            var expected = Channel(Batch, channel).Select(value => (scale * (value - Old("moving_mean", channel))) + Old("beta", channel)).ToArray();
            Assert.InRange(NetworkRuns.Distance(expected, Channel(y, channel)), 0, 1e-12);
        }
    }

    [Fact]
    public void A_repeated_pass_does_not_update_a_second_time()
    {
        using var network = NetworkRuns.New(Graph, Weights);
        Run(network, Pass.Training(0));
        var once = New(network, "moving_mean", 0);
        Run(network, Pass.Training(0) with { UpdatesStatistics = false });
        Assert.Equal(once, New(network, "moving_mean", 0));
    }

    [Fact]
    public void One_value_per_channel_becomes_beta_and_pulls_the_variance_to_zero()
    {
        var graph = new TestGraph(3).Then("norm", TestGraph.Norm(Momentum)).Graph();
        var weights = RandomWeights.For(graph, 7);
        using var scope = NewDisposeScope();
        using var network = NetworkRuns.New(graph, weights);
        var y = network.Forward([NetworkRuns.Input(network, [1, 2, 3], 1, 3)], Pass.Training(0))[0];
        Assert.InRange(NetworkRuns.Distance([.. weights["norm/beta"].Values], NetworkRuns.Values(y)), 0, 1e-15);
        Assert.Equal(Momentum * weights["norm/moving_variance"].Values[1], network["norm/moving_variance"][1].item<double>(), 1e-15);
        Assert.Equal((Momentum * weights["norm/moving_mean"].Values[1]) + ((1 - Momentum) * 2), network["norm/moving_mean"][1].item<double>(), 1e-15);
    }

    [Fact]
    public void BFloat16_networks_keep_float32_statistics()
    {
        using var network = NetworkRuns.New(Graph, Weights, Precision.BFloat16, forTraining: true);
        var y = Run(network, Pass.Training(0));
        using var exact = NetworkRuns.New(Graph, Weights);
        Assert.InRange(NetworkRuns.Distance(Run(exact, Pass.Training(0)), y), 0, 0.03);
        Assert.Equal(ScalarType.Float32, network["norm/moving_mean"].dtype);
        Assert.Equal(New(exact, "moving_mean", 1), network.CopyWeights()["norm/moving_mean"].Values[1], 1e-2);
    }

    private static double[] Run(Network network, Pass pass)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return NetworkRuns.Values(network.Forward([NetworkRuns.Input(network, Batch, 2, 3, 4, 2)], pass)[0]);
    }

    private static double[] Channel<T>(T[] values, int channel)
        where T : IConvertible => [.. Enumerable.Range(0, Count).Select(position => values[(position * 2) + channel].ToDouble(null))];

    private static double Old(string name, int channel) => Weights["norm/" + name].Values[channel];

    private static double New(Network network, string name, int channel) => network["norm/" + name][channel].item<double>();
}
