using System.Diagnostics;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;

namespace Mammo.Tests.Architectures;

public class LayerListingTests
{
    private static readonly LayerGraph Whole =
        WholeImageNetwork.Build(PatchNetwork.Build(new PatchOptions()), null, HeadRecipe.Find("[512-512-1024]x2").Apply(new WholeImageOptions())).Graph;

    [Fact]
    public void NoWeightsAreAllocatedAndNoTimeIsLost()
    {
        LayerListing.Of(Whole);
        var (fastest, allocated) = (TimeSpan.MaxValue, 0L);
        for (var run = 0; run < 20; run++)
        {
            var (watch, before) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());
            Assert.Equal(232, LayerListing.Of(Whole).Length);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            fastest = watch.Elapsed < fastest ? watch.Elapsed : fastest;
        }

        Assert.True(allocated < 2_000_000, $"{allocated} bytes");
        Assert.True(fastest < TimeSpan.FromMilliseconds(50), $"listed in {fastest}");
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
