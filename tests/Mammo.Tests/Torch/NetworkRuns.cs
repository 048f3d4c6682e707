using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Torch;
using static TorchSharp.torch;

namespace Mammo.Tests.Torch;

/// <summary>Runs networks on arrays in Keras's order.</summary>
internal static class NetworkRuns
{
    public static Network New(
        LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, Precision precision = Precision.Float64, bool forTraining = false) =>
        new(graph, weights, CPU, precision, forTraining);

    /// <summary>An array in Keras's order as an input of the network.</summary>
    public static Tensor Input(Network network, float[] values, params long[] shape) => network.Place(tensor(values, shape));

    /// <summary>The values of a tensor of the network in Keras's order.</summary>
    public static double[] Values(Tensor result) => Layout.ToKeras(result.detach()).to(ScalarType.Float64).contiguous().data<double>().ToArray();

    /// <summary>What a network of one input and output returns.</summary>
    public static double[] Infer(
        LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, float[] values, long[] shape, Precision precision = Precision.Float64)
    {
        using var scope = NewDisposeScope();
        using var network = New(graph, weights, precision);
        using var _ = inference_mode();
        return Values(network.Forward([Input(network, values, shape)], Pass.Inference)[0]);
    }

    /// <summary>Largest difference, relative to the larger of 1 and the expected value.</summary>
    public static double Distance(IReadOnlyList<double> expected, IReadOnlyList<double> actual)
    {
        Assert.NotEmpty(expected);
        return expected.Paired(actual).Max(pair => Distance(pair.First, pair.Second));
    }

    // Max passes NaN over, so one counts as infinitely far.
    private static double Distance(double expected, double actual)
    {
        var distance = Math.Abs(expected - actual) / Math.Max(1, Math.Abs(expected));
        return double.IsNaN(distance) ? double.PositiveInfinity : distance;
    }
}
