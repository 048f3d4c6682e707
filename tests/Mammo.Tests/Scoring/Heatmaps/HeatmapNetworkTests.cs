using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;
using Mammo.PowerShell.Common;
using Mammo.Tests.Torch;

namespace Mammo.Tests.Scoring.Heatmaps;

/// <summary>The forward heatmap against the patch classifier that it is made of.</summary>
public class HeatmapNetworkTests
{
    private static readonly LayerGraph Patch = PatchNetwork.Build(new PatchOptions { Architecture = "vgg16", WidthMultiplier = 1.0 / 16 });
    private static readonly IReadOnlyDictionary<string, Weight> Weights = RandomBiases(Initialization.Fill(Patch, 11));

    /// <summary>On an image whose feature map is just one average pool, the only position is the patch classifier's answer.</summary>
    [Fact]
    public void OnOnePatchItIsThePatchClassifier()
    {
        var pixels = Pixels(224 * 224 * 3, 1);
        var plan = WholeImageNetwork.Build(Patch, Weights, new WholeImageOptions { HeatmapOnly = true, ImageSize = new(224, 224) });
        Assert.Equal(TensorShape.Of(1, 1, 5), ShapeInference.Infer(plan.Graph)[plan.Graph.Outputs[0]]);
        var heatmap = NetworkRuns.Infer(plan.Graph, plan.Weights, pixels, [1, 224, 224, 3]);
        var classes = NetworkRuns.Infer(Patch, Weights, pixels, [1, 224, 224, 3]);
        Assert.InRange(NetworkRuns.Distance(classes, heatmap), 0, 1e-12);
        Assert.True(classes.Max() - classes.Min() > 1e-3);
    }

    /// <summary>Every position is a distribution over the patch classes, and the heatmap of the shipped options has 30 x 22 of them.</summary>
    [Fact]
    public void EveryPositionSumsToOne()
    {
        var options = new WholeImageOptions { HeatmapOnly = true, ImageSize = new(288, 256), HeatmapStride = new(1, 1) };
        var plan = WholeImageNetwork.Build(Patch, Weights, options);
        var heatmap = NetworkRuns.Infer(plan.Graph, plan.Weights, Pixels(288 * 256 * 3, 2), [1, 288, 256, 3]);
        Assert.Equal(3 * 2 * 5, heatmap.Length);
        Assert.All(heatmap.Chunk(5), position => Assert.Equal(1, position.Sum(), 1e-12));
        var full = WholeImageNetwork.Build(Patch, null, options with { ImageSize = new(1152, 896) }).Graph;
        Assert.Equal(TensorShape.Of(30, 22, 5), ShapeInference.Infer(full)[full.Outputs[0]]);
    }

    /// <summary>Top-k pooling gives the mean of the positions of the heatmap where the background is least probable, whichever class that is.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(3, 2)]
    [InlineData(6, 1)]
    public void TopKIsTheMeanOfTheMostSuspiciousPositions(int k, int background)
    {
        var pixels = Pixels(288 * 256 * 3, 3);
        var options = new WholeImageOptions { ImageSize = new(288, 256), Classes = ["a", "b", "c", "d", "e"] };
        var heatmap = WholeImageNetwork.Build(Patch, Weights, options with { HeatmapOnly = true });
        var pooled = WholeImageNetwork.Build(Patch, Weights, options with { HeatmapPooling = HeatmapPooling.TopK, TopK = k, Background = background });
        var positions = NetworkRuns.Infer(heatmap.Graph, heatmap.Weights, pixels, [1, 288, 256, 3]).Chunk(5).OrderBy(position => position[background]).Take(k)
            .ToArray();
        double[] expected = [.. Enumerable.Range(0, 5).Select(channel => positions.Average(position => position[channel]))];
        Assert.InRange(NetworkRuns.Distance(expected, NetworkRuns.Infer(pooled.Graph, pooled.Weights, pixels, [1, 288, 256, 3])), 0, 1e-12);
        Assert.Equal($"vgg16 + heatmap-top{k}", pooled.Graph.Name);
        Assert.Equal($"heatmap-top{k}", HeadRecognition.NameOf(pooled.Graph));
    }

    [Fact]
    public void TopKNeedsAsManyClassesAsThePatchClassifierAndEnoughPositions()
    {
        var options = new WholeImageOptions { ImageSize = new(288, 256), HeatmapPooling = HeatmapPooling.TopK };
        Assert.Contains("5 classes, but Classes names 2", Refused(options), StringComparison.Ordinal);
        Assert.Contains("more than the 6 positions", Refused(options with { Classes = ["a", "b", "c", "d", "e"], TopK = 7 }), StringComparison.Ordinal);
        Assert.Contains("background as its first", Refused(options with { Classes = ["a", "b", "c", "d", "e"], Background = 4 }), StringComparison.Ordinal);
        Assert.Contains("Leave one of them out", Refused(options with { HeatmapOnly = true }), StringComparison.Ordinal);

        static string Refused(WholeImageOptions options)
        {
            var error = Assert.Throws<MammoException>(() => WholeImageNetwork.Build(Patch, null, options));
            Assert.Equal(ErrorIds.ModelOptionConflict, error.ErrorId);
            return $"{error.Message} {error.SuggestedFix}";
        }
    }

    private static Dictionary<string, Weight> RandomBiases(IReadOnlyDictionary<string, Weight> weights)
    {
        var random = new Random(4);
        return weights.ToDictionary(
            pair => pair.Key,
            pair => pair.Key.EndsWith("/bias", StringComparison.Ordinal) ? pair.Value with { Values = [.. pair.Value.Values.Select(_ => random.NextSingle())] }
                : pair.Value);
    }

    private static float[] Pixels(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }
}
