using Mammo.Networks.Graphs;
using Mammo.Networks.Graphs.Rewriting;

namespace Mammo.Tests.Networks.Graphs.Rewriting;

public sealed class ComputedWeightsTests
{
    private readonly Dictionary<string, Weight> _model = new() { ["a/kernel"] = new([2], [1, 2]), ["a/bias"] = new([1], [7]) };

    [Fact]
    public void Rewritten_weights_are_computed_when_asked_for_and_not_kept()
    {
        var times = 0;
        var weights = new ComputedWeights(_model);
        weights.Rewrite("a/kernel", Doubled);
        weights.Rewrite("a/kernel", Doubled);
        var copy = new ComputedWeights(weights);
        Assert.Equal(0, times);

        Assert.Equal([4f, 8], copy["a/kernel"].Values);
        Assert.Equal(2, times);
        Assert.True(copy.TryGetValue("a/kernel", out var again));
        Assert.Equal([4f, 8], again.Values);
        Assert.Equal(4, times);
        Assert.Equal([1f, 2], _model["a/kernel"].Values);

        Weight Doubled(Weight weight)
        {
            times++;
            return weight with { Values = [.. weight.Values.Select(value => 2 * value)] };
        }
    }

    [Fact]
    public void Other_weights_are_the_given_arrays_and_can_be_replaced_and_taken_away()
    {
        var weights = new ComputedWeights(_model);
        Assert.Same(_model["a/bias"].Values, weights["a/bias"].Values);
        weights.Set("b/bias", new Weight([1], [9]));

        Assert.Equal(7, weights.Take("a/bias")?.Values[0]);
        Assert.Null(weights.Take("a/bias"));
        Assert.False(weights.ContainsKey("a/bias"));
        Assert.False(weights.TryGetValue("a/bias", out _));
        Assert.Throws<KeyNotFoundException>(() => weights["a/bias"]);
        Assert.Equal(["a/kernel", "b/bias"], weights.Keys.Order());
        Assert.Equal([1f, 9], weights.OrderBy(weight => weight.Key).Select(weight => weight.Value.Values[0]));
        Assert.Equal(2, weights.Values.Count());
        Assert.Equal(2, weights.Count);
    }
}
