using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Tests.Scoring.Engines;

namespace Mammo.Tests.Networks.Graphs;

public sealed class ActivationMemoryTests
{
    private const int Positions = 4 * 6;

    [Fact]
    public void Maps_are_counted_from_their_layer_to_their_last_use()
    {
        var chain = Input().Then("a", TestNetwork.Conv(2)).Then("b", TestNetwork.Conv(3)).Then("c", TestNetwork.Conv(1));
        Assert.Equal(Bytes(2 + 3), ActivationMemory.Peak(chain.Graph(), new ImageSize(4, 6)));

        // The input is held behind two layers; "c" with it.
        var bypass = chain.Then("all", new LayerKind.Concatenate(-1), "in", "c");
        Assert.Equal(Bytes(1 + 2 + 3), ActivationMemory.Peak(bypass.Graph(), new ImageSize(4, 6)));
    }

    [Fact]
    public void Outputs_are_held_to_the_end()
    {
        var graph = Input().Then("a", TestNetwork.Conv(5)).Then("b", TestNetwork.Conv(3)).Then("c", TestNetwork.Conv(3)).Graph("a", "c");
        Assert.Equal(Bytes(5 + 3 + 3), ActivationMemory.Peak(graph, new ImageSize(4, 6)));
    }

    [Fact]
    public void Gradients_keep_all_maps_from_their_layer_on()
    {
        var graph = Input().Then("a", TestNetwork.Conv(9)).Then("b", TestNetwork.Conv(3)).Then("c", TestNetwork.Conv(4)).Then("d", TestNetwork.Conv(5)).Graph();
        Assert.Equal(Bytes(9 + 3), ActivationMemory.Peak(graph, new ImageSize(4, 6)));
        Assert.Equal(Bytes(3 + 4 + 5), ActivationMemory.Peak(graph, new ImageSize(4, 6), "b"));
        Assert.Equal(Bytes(9 + 3 + 4 + 5), ActivationMemory.Peak(graph, new ImageSize(4, 6), "a"));
    }

    [Fact]
    public void Sizes_beyond_64_bits_are_refused_by_id()
    {
        var graph = new TestNetwork().Input("in", 1 << 20, 1 << 20, 1 << 20).Then("a", TestNetwork.Conv(1 << 20)).Graph();
        var error = Assert.Throws<MammoException>(() => ActivationMemory.Require(graph, new ImageSize(4, 6), "claims"));
        Assert.Equal((ErrorIds.NetworkTooLarge, "claims"), (error.ErrorId, error.Target));
        Assert.Contains("-MemoryBudget", error.SuggestedFix, StringComparison.Ordinal);
    }

    private static TestNetwork Input() => new TestNetwork().Input("in", null, null, 1);

    private static double Bytes(int channels) => channels * Positions * sizeof(float);
}
