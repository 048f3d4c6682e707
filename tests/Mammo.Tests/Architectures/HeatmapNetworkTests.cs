using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;
using Mammo.Tests.Torch;

namespace Mammo.Tests.Architectures;

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

    private static Dictionary<string, Weight> RandomBiases(IReadOnlyDictionary<string, Weight> weights)
    {
        var random = new Random(4);
        return weights.ToDictionary(
            pair => pair.Key,
            pair => pair.Key.EndsWith("/bias", StringComparison.Ordinal) ? pair.Value with { Values = [.. pair.Value.Values.Select(_ => random.NextSingle())] } : pair.Value);
    }

    private static float[] Pixels(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }
}
