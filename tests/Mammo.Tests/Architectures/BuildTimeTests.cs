using System.Diagnostics;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;

namespace Mammo.Tests.Architectures;

/// <summary>Coarse guards, wide enough for a busy machine and an unoptimised build; Mammo.Benchmarks measures.</summary>
public class BuildTimeTests
{
    [Fact]
    public void FullWidthResNetWholeImageNetworkIsBuiltInSeconds()
    {
        var watch = Stopwatch.StartNew();
        var graph = Build();
        var weights = Initialization.Fill(graph, 1);
        Report("graph and weights", watch.Elapsed);
        Assert.Equal(40_942_466, weights.Values.Sum(weight => weight.Values.LongLength));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"built in {watch.Elapsed}");
    }

    [Fact]
    public void ItsListingAllocatesNoWeights()
    {
        var graph = Build();
        LayerListing.Of(graph);
        var (fastest, allocated) = (TimeSpan.MaxValue, 0L);
        for (var run = 0; run < 20; run++)
        {
            var (watch, before) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());
            Assert.Equal(232, LayerListing.Of(graph).Length);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            fastest = watch.Elapsed < fastest ? watch.Elapsed : fastest;
        }

        Report("listing", fastest);
        Assert.True(allocated < 2_000_000, $"{allocated} bytes");
        Assert.True(fastest < TimeSpan.FromMilliseconds(50), $"listed in {fastest}");
    }

    private static LayerGraph Build() =>
        WholeImageNetwork.Build(PatchNetwork.Build(new PatchOptions()), null, HeadRecipe.Find("[512-512-1024]x2").Apply(new WholeImageOptions())).Graph;

    private static void Report(string what, TimeSpan time) => TestContext.Current.TestOutputHelper!.WriteLine($"{what}: {time.TotalMilliseconds:F1} ms");
}
