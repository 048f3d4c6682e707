using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Torch;
using static TorchSharp.torch;

namespace Mammo.Tests.Torch;

public class DropoutTests
{
    private static readonly float[] Ones = [.. Enumerable.Repeat(1f, 40 * 50 * 2)];

    [Fact]
    public void A_share_becomes_zero_and_the_rest_is_scaled()
    {
        var y = Run(0.25, 3);
        Assert.All(y, value => Assert.True(value is 0 or (> 1.333333 and < 1.333334)));
        Assert.InRange(y.Count(value => value == 0) / (double)y.Length, 0.22, 0.28);
    }

    [Fact]
    public void The_seed_decides_the_mask()
    {
        Assert.Equal(Run(0.5, 3), Run(0.5, 3));
        Assert.NotEqual(Run(0.5, 3), Run(0.5, 4));
    }

    [Fact]
    public void The_mask_is_the_same_in_every_precision() => Assert.Equal(Run(0.5, 3), Run(0.5, 3, Precision.BFloat16));

    [Fact]
    public void Two_layers_of_a_pass_have_different_masks()
    {
        var graph = new TestGraph(40, 50, 2).Then("first", new LayerKind.Dropout(0.5)).Then("second", new LayerKind.Dropout(0.5), "input")
            .Graph("first", "second");
        using var scope = NewDisposeScope();
        using var network = NetworkRuns.New(graph, new Dictionary<string, Weight>());
        var outputs = network.Forward([NetworkRuns.Input(network, Ones, 1, 40, 50, 2)], Pass.Training(1));
        Assert.NotEqual(NetworkRuns.Values(outputs[0]), NetworkRuns.Values(outputs[1]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Outside_zero_and_one_nothing_happens(double rate) => Assert.All(Run(rate, 3), value => Assert.Equal(1, value));

    private static double[] Run(double rate, ulong seed, Precision precision = Precision.Float64)
    {
        using var scope = NewDisposeScope();
        using var network = NetworkRuns.New(
            new TestGraph(40, 50, 2).Then("drop", new LayerKind.Dropout(rate)).Graph(), new Dictionary<string, Weight>(), precision);
        return NetworkRuns.Values(network.Forward([NetworkRuns.Input(network, Ones, 1, 40, 50, 2)], Pass.Training(seed))[0]);
    }
}
