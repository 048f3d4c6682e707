using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;

namespace Mammo.Tests.Networks.Architectures;

public class LayerListingTests
{
    private static readonly LayerGraph Whole =
        WholeImageNetwork.Build(PatchNetwork.Build(new PatchOptions()), null, HeadRecipe.Find("[512-512-1024]x2").Apply(new WholeImageOptions())).Graph;

    [Fact]
    public void NoWeightsAreAllocated()
    {
        LayerListing.Of(Whole);
        Assert.InRange(Effort.Of(() => Assert.Equal(232, LayerListing.Of(Whole).Length)).Allocated, 0, 2_000_000);
    }

    [Fact]
    public void TellsWhatIsFrozenFirstAndWhatIsPenalised()
    {
        var rows = LayerListing.Of(Whole);
        Assert.All(rows, row => Assert.Equal(row.Name == "input_1" || row.Name.StartsWith("model_1/", StringComparison.Ordinal), row.Frozen));
        Assert.Equal(15, rows.Count(row => row.L2 == 1e-4));
        Assert.All(rows.Where(row => row.L2 > 0), row => Assert.True(row.Role == LayerRole.Top && row.Kind is "Conv2D" or "Dense"));
        Assert.Equal("(9, 7, 1024)", rows.Single(row => row.Name == "add_4").OutputShape);
        Assert.Equal("(?, ?, 64)", LayerListing.Of(PatchNetwork.Build(new PatchOptions()))[1].OutputShape);
    }
}
