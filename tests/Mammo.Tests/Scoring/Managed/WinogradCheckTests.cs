using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Managed;
using Mammo.Tests.Scoring.Engines;
using Mammo.Torch;

namespace Mammo.Tests.Scoring.Managed;

/// <summary>A convolution whose error by Winograd's method is too great is computed by a more exact form.</summary>
public sealed class WinogradCheckTests
{
    private const int Side = 40;

    [Theory]
    [InlineData(1e-4, "Winograd4 Winograd4")]
    [InlineData(1e-9, "Winograd2 Winograd2")]
    public void The_bound_decides_the_form(double bound, string expected)
    {
        var graph = Network(Padding.Same).Then("pool", new LayerKind.MaxPooling2D(Size2D.Square(2), Size2D.Square(2), Padding.Valid)).Graph();
        var weights = TestNetwork.Weights(graph);
        Assert.Equal(expected, string.Join(' ', Kinds(graph, weights, bound)));
    }

    /// <summary>A convolution that computes the one before it is compared with sums over what that one gives.</summary>
    [Theory]
    [InlineData(1, "Winograd4")]
    [InlineData(1e-4, "Winograd2")]
    public void Differences_of_large_values_are_not_left_to_it_where_they_are_no_map(double bound, string expected)
    {
        var graph = new TestNetwork().Input("in", Side, Side, 1).Then("maps", TestNetwork.Conv(48, padding: Padding.Valid))
            .Then("second", TestNetwork.Conv(48, padding: Padding.Valid)).Graph();
        var weights = TestNetwork.Weights(graph);
        weights["maps/bias"] = new Weight([48], [.. Enumerable.Repeat(1000f, 48)]);
        weights["maps/kernel"] = new Weight([48, 1, 3, 3], [.. Enumerable.Range(0, 48 * 9).Select(index => index % 9 == 4 ? 0.01f : 0)]);
        weights["second/kernel"] = Differences(weights["second/kernel"]);
        Assert.Equal([expected], Kinds(graph, weights, bound));
    }

    [Fact]
    public void Differences_of_large_values_are_not_left_to_it()
    {
        // Sums of the kernels are 0 and the map is nearly constant, so that outputs are a thousandth of what they are made of.
        var graph = Network(Padding.Valid).Graph();
        var weights = TestNetwork.Weights(graph);
        weights["maps/bias"] = new Weight([48], [.. Enumerable.Repeat(1000f, 48)]);
        weights["maps/kernel"] = new Weight([48, 1, 1, 1], [.. Enumerable.Repeat(0.01f, 48)]);
        weights["second/kernel"] = Differences(weights["second/kernel"]);

        // Each of the first's outputs is its input.
        var identity = Enumerable.Range(0, 48 * 48 * 9).Select(index => index / 9 / 48 == index / 9 % 48 && index % 9 == 4 ? 1f : 0);
        weights["first/kernel"] = new Weight([48, 48, 3, 3], [.. identity]);

        Assert.Equal("Winograd4", Kinds(graph, weights, 1).Last());
        Assert.Equal("Winograd2", Kinds(graph, weights, new ManagedOptions().LargestError).Last());
        Assert.InRange(Error(graph, weights, new ManagedOptions().LargestError), 0, 0.95 * Error(graph, weights, 1));
    }

    private static TestNetwork Network(Padding padding) => new TestNetwork().Input("in", Side, Side, 1).Then("maps", TestNetwork.Conv(48, 1))
        .Then("first", TestNetwork.Conv(48, padding: padding)).Then("second", TestNetwork.Conv(48, padding: padding));

    /// <summary>Kernels of which the sums are 0.</summary>
    private static Weight Differences(Weight kernel)
    {
        float[] values = [.. kernel.Values];
        for (var first = 0; first < values.Length; first += 9)
            values[first + 4] -= values.AsSpan(first, 9).ToArray().Sum();
        return kernel with { Values = values };
    }

    private static IEnumerable<string> Kinds(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, double bound)
    {
        var kinds = new List<string>();
        using var engine = new ManagedEngine(graph, weights, new ManagedOptions { Threads = 2, LargestError = bound });
        engine.Observe = (step, _) =>
        {
            if (step is IWinogradStep)
                kinds.Add(step.GetType().GetGenericArguments()[1].Name);
        };
        engine.Run(CheckImage.Of(new(Side, Side)), TestContext.Current.CancellationToken);
        return kinds;
    }

    private static double Error(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, double bound)
    {
        using var exact = new TorchEngine(graph, weights, "cpu", Precision.Float64);
        using var engine = new ManagedEngine(graph, weights, new ManagedOptions { Threads = 2, LargestError = bound });
        var image = CheckImage.Of(new(Side, Side));
        return exact.Run(image).Values.Zip(engine.Run(image).Values, (one, other) => Math.Abs(one - other)).Max();
    }
}
