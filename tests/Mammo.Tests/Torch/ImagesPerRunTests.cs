using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Scoring;
using Mammo.Tests.Scoring.Engines;
using Mammo.Torch;

namespace Mammo.Tests.Torch;

public sealed class ImagesPerRunTests
{
    [Fact]
    public void One_call_takes_as_many_images_as_it_computes_in_a_short_time()
    {
        // A million positions with 9 · 1 · 64 and 9 · 64 · 64 multiply-adds.
        var graph = new TestNetwork().Input("in", null, null, 1).Then("a", TestNetwork.Conv(64)).Then("b", TestNetwork.Conv(64)).Graph();
        using var network = NetworkRuns.New(graph, TestNetwork.Weights(graph));
        Assert.Equal(1, ImagesPerRun.Of(network, new ImageSize(1000, 1000)));
        Assert.Equal((int)(ComputeCost.MostInCall / (9 * 64 * 64 * 10_000)), ImagesPerRun.Of(network, new ImageSize(100, 100)));
    }

    [Fact]
    public void Images_whose_maps_take_much_memory_go_one_by_one()
    {
        var graph = new TestNetwork().Input("in", null, null, 1).Then("maps", TestNetwork.Conv(5, 1)).Graph();
        using var network = NetworkRuns.New(graph, TestNetwork.Weights(graph));
        var side = (int)Math.Sqrt(DecodingBudget.Bytes / 24.0 / 2.5);
        Assert.InRange(ImagesPerRun.Of(network, new ImageSize(side, side)), 1, 2);
    }

    [Fact]
    public void Outputs_of_parts_of_a_batch_are_joined_in_their_order()
    {
        var joined = EngineOutput.Join([new EngineOutput([2, 3], [1, 2, 3, 4, 5, 6]), new EngineOutput([1, 3], [7, 8, 9])]);
        Assert.Equal([3, 3], joined.Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], joined.Values);
    }
}
