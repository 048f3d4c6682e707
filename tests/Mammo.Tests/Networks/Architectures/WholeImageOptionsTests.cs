using System.Collections.Immutable;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;

namespace Mammo.Tests.Networks.Architectures;

public class WholeImageOptionsTests
{
    private static readonly LayerGraph Patch = PatchNetwork.Build(new PatchOptions { Architecture = "vgg16", WidthMultiplier = 0.0625, HiddenDropout = 0.5 });

    [Fact]
    public void ContradictionsNameOptionsAndSizes()
    {
        AssertConflict(options => options with { AddShortcut = true }, "AddShortcut", "AddConv");
        AssertConflict(options => options with { AddShortcut = true, AddConv = false, HeatmapOnly = true }, "AddShortcut", "HeatmapOnly");
        AssertConflict(
            options => options with { TopDepth = [512, 256, 128], TopRepetition = [2, 2] }, "TopDepth [512, 256, 128]", "TopRepetition [2, 2]", "3 and 2");
        AssertConflict(options => options with { TopDepth = [], TopRepetition = [] }, "TopDepth []", "0 and 0");
        AssertConflict(options => options with { TopDepth = default }, "TopDepth []", "0 and 2");
        AssertConflict(options => options with { TopDepth = [512, 0] }, "TopDepth 0");
        AssertConflict(options => options with { TopRepetition = [1, -1] }, "TopRepetition -1");
        AssertConflict(options => options with { TopDepth = [int.MaxValue, 1] }, "TopDepth 2147483647");
        AssertConflict(options => options with { BottleneckEnlargeFactor = 0 }, "BottleneckEnlargeFactor 0");
        AssertConflict(options => options with { AddConv = false, FcInitUnit = 4, FcLayer = 4 }, "FcInitUnit 4", "FcLayer 4");
        AssertConflict(options => options with { AddConv = false, FcLayer = 0 }, "FcLayer 0");
        AssertConflict(options => options with { HiddenDropout = -0.1 }, "HiddenDropout -0.1");
        AssertConflict(options => options with { WeightDecay = double.NaN }, "WeightDecay NaN");
        AssertConflict(options => options with { Classes = ["pos", "pos"] }, "Classes [pos, pos]");
    }

    [Fact]
    public void SizesThatDoNotFitAreNamed()
    {
        AssertConflict(options => options with { ImageSize = new(16, 896) }, "ImageSize 16x896", "too small", "block5_pool");
        AssertConflict(options => options with { ImageSize = new(0, 896) }, "ImageSize 0");
        AssertConflict(
            options => options with { ImageSize = new(64, 96), BlockType = TopBlock.Vgg }, "2 groups", "TopDepth [512, 512]", "2x3", "ImageSize 64x96");
        AssertConflict(options => options with { ImageSize = new(224, 192), AddHeatmap = true }, "AvgPoolSize 7x7", "7x6", "ImageSize 224x192");
        AssertConflict(options => options with { ImageSize = new(288, 224), AddHeatmap = true }, "HeatmapPoolSize 5x5", "3x1", "ImageSize 288x224", "9x7");
        AssertConflict(options => options with { AddHeatmap = true, HeatmapPoolSize = new(31, 22) }, "HeatmapPoolSize 31x22", "30x22");
        AssertConflict(
            options => options with { AddHeatmap = true, BlockType = TopBlock.Vgg, TopDepth = [8, 8, 8], TopRepetition = [1, 1, 1] }, "3 groups", "6x4");
        AssertConflict(options => options with { HeatmapOnly = true, AvgPoolSize = new(7, 29) }, "AvgPoolSize 7x29", "36x28");
        AssertConflict(options => options with { HeatmapOnly = true, HeatmapStride = new(0, 1) }, "HeatmapStride 0");
        AssertConflict(options => options with { ImageSize = new(65536, 65536), AddConv = false, CutLayer = "block1_conv1" }, "65536x65536", "flatten");
    }

    [Fact]
    public void CutsThatDoNotFitAreNamed()
    {
        AssertConflict(options => options with { CutLayer = "block6_pool" }, "CutLayer 'block6_pool'");
        AssertConflict(options => options with { CutLayer = "input_1" }, "CutLayer 'input_1'", "feature map");
        AssertConflict(options => options with { CutLayer = "dense_1" }, "CutLayer 'dense_1'", "feature map");
        AssertConflict(
            options => options with { CutLayer = "block3_pool", AddHeatmap = true }, "AddHeatmap", "'dense_1'", "32 channels", "'block3_pool'", "16");
    }

    [Fact]
    public void HeatmapNeedsADenseLayerToCopy()
    {
        var bare = new LayerGraph(
            "bare", [.. Patch.Layers.Where(layer => layer.Name is not "dense_1" and not "dropout_1")
                .Select(layer => layer with { Role = LayerRole.Base })], ["global_average_pooling2d_1"]);
        AssertConflict(bare, new WholeImageOptions { AddHeatmap = true }, "AddHeatmap", "no dense layer");
        AssertConflict(bare, new WholeImageOptions { HeatmapOnly = true }, "HeatmapOnly", "no dense layer");
        Assert.Equal("block5_pool", WholeImageNetwork.Build(bare, null, new WholeImageOptions()).CutLayer);
    }

    [Fact]
    public void NetworksThatAreNoPatchClassifiersAreRefused()
    {
        var whole = WholeImageNetwork.Build(Patch, null, new WholeImageOptions { TopDepth = [8], TopRepetition = [1] }).Graph;
        AssertConflict(whole, new WholeImageOptions(), "does not end as a patch classifier");
        var body = new LayerGraph("body", [.. Patch.Layers.Take(3)], [Patch.Layers[2].Name]);
        AssertConflict(body, new WholeImageOptions(), "does not end as a patch classifier");
        var two = new LayerGraph("two", Patch.Layers, ["block5_pool", "dense_1"]);
        AssertConflict(two, new WholeImageOptions(), "2 outputs");
    }

    [Fact]
    public void TooLargeAWeightIsRefusedBeforeItIsAllocated()
    {
        var graph = WholeImageNetwork.Build(Patch, null, new WholeImageOptions { TopDepth = [65536], TopRepetition = [1], BottleneckEnlargeFactor = 1 }).Graph;
        var error = Assert.Throws<MammoException>(() => Initialization.Fill(graph, 1));
        Assert.Equal("Mammo.ModelOptionConflict", error.ErrorId);
        Assert.Contains("'conv2d_2/kernel' of shape (65536, 65536, 3, 3)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RecipesAreKnownByName()
    {
        Assert.All(HeadRecipe.All, recipe => Assert.Equal(recipe.Name, recipe.Apply(new WholeImageOptions()).HeadName));
        var error = Assert.Throws<MammoException>(() => HeadRecipe.Find("1024x1"));
        Assert.Equal("Mammo.ModelRecipeUnknown", error.ErrorId);
        Assert.Contains("'[512-512-1024]x2'", error.SuggestedFix, StringComparison.Ordinal);
    }

    /// <summary>Check counts of the reference: five patch classes with dropout, two image classes, 1152x896; outer layers count the nested model as
    /// one.</summary>
    [Theory]
    [InlineData("vgg16", "512x1", 15, 19_439_426)]
    [InlineData("vgg16", "[512-512-1024]x2", 61, 29_710_146)]
    [InlineData("resnet50", "[512-512-1024]x2", 61, 40_942_466)]
    [InlineData("yaroslav", "heatmap-fc16-8-shortcut", 20, null)]
    public void PublishedModelsHaveTheKnownSizes(string architecture, string recipe, int outerLayers, int? parameters)
    {
        var patch = PatchNetwork.Build(new PatchOptions { Architecture = architecture, HiddenDropout = architecture == "yaroslav" ? 0 : 0.5 });
        var plan = WholeImageNetwork.Build(patch, null, HeadRecipe.Find(recipe).Apply(new WholeImageOptions()));
        Assert.Empty(plan.Notes);
        Assert.Equal(outerLayers, 1 + plan.Graph.Layers.Count(layer => !layer.Name.StartsWith("model_1/", StringComparison.Ordinal)));
        if (parameters is not null)
            Assert.Equal(parameters.Value, WeightPlan.Of(plan.Graph).Sum(weight => weight.Elements));
        else
            Assert.Equal(TensorShape.Of(30), ShapeInference.Infer(plan.Graph)["flatten_1"]);
    }

    private static void AssertConflict(Func<WholeImageOptions, WholeImageOptions> change, params ImmutableArray<string> named) =>
        AssertConflict(Patch, change(new WholeImageOptions()), named);

    private static void AssertConflict(LayerGraph patch, WholeImageOptions options, params ImmutableArray<string> named)
    {
        var error = Assert.Throws<MammoException>(() => WholeImageNetwork.Build(patch, null, options));
        Assert.Equal("Mammo.ModelOptionConflict", error.ErrorId);
        Assert.All(named, text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
    }
}
