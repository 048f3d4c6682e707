using Mammo.Data.Images;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;

namespace Mammo.Tests.Networks.Architectures;

public class PatchNetworkTests
{
    [Fact]
    public void UnknownArchitectureNamesTheKnown()
    {
        var error = Assert.Throws<MammoException>(() => PatchNetwork.Build(new PatchOptions { Architecture = "resnet51" }));
        Assert.Equal("Mammo.ModelArchitectureUnknown", error.ErrorId);
        Assert.Contains("inception_v3", error.SuggestedFix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ResNet50", "resnet50")]
    [InlineData("inception", "inception_v3")]
    public void NamesAreForgiving(string typed, string name) => Assert.Equal(name, ArchitectureCatalog.Find(typed).Name);

    [Fact]
    public void OptionsOutOfRangeAreNamed()
    {
        AssertConflict(new PatchOptions { WidthMultiplier = 0 }, "WidthMultiplier 0 ");
        AssertConflict(new PatchOptions { WidthMultiplier = double.NaN }, "WidthMultiplier NaN ");
        AssertConflict(new PatchOptions { WidthMultiplier = 1.5 }, "WidthMultiplier 1.5 ");
        AssertConflict(new PatchOptions { Channels = 4 }, "Channels 4 ");
        AssertConflict(new PatchOptions { HiddenDropout = 1 }, "HiddenDropout 1 ");
        AssertConflict(new PatchOptions { WeightDecay = -1e-4 }, "WeightDecay -0.0001 ");
        AssertConflict(new PatchOptions { WeightDecay = double.PositiveInfinity }, "WeightDecay ");
        AssertConflict(new PatchOptions { Classes = ["background"] }, "Classes names 1 ");
        AssertConflict(new PatchOptions { Classes = ["a", "b", "a"] }, "Classes [a, b, a] ");
        AssertConflict(new PatchOptions { Classes = default }, "Classes names 0 ");
    }

    [Fact]
    public void HeadFollowsTheOptions()
    {
        var graph = PatchNetwork.Build(
            new PatchOptions { Architecture = "vgg16", Classes = ["a", "b", "c"], HiddenDropout = 0.25, WeightDecay = 0.5, Channels = 1 });
        Assert.Equal(new LayerKind.Dropout(0.25), graph["dropout_1"].Kind);
        Assert.Equal(new LayerKind.Dense(3, true, Activation.Softmax, 0.5), graph["dense_1"].Kind);
        Assert.Equal(
            ["global_average_pooling2d_1", "dropout_1", "dense_1"], graph.Layers.Where(layer => layer.Role == LayerRole.PatchHead).Select(layer => layer.Name));
        Assert.Equal([64, 1, 3, 3], WeightPlan.Of(graph)[0].Shape);
    }

    [Theory]
    [InlineData(1.0 / 16, 64, 4)]
    [InlineData(1.0 / 16, 728, 45)]
    [InlineData(1.0 / 8, 728, 91)]
    [InlineData(1.0 / 3, 96, 32)]
    [InlineData(1.0 / 3, 192, 64)]
    [InlineData(0.9, 64, 57)]
    [InlineData(1e-9, 2048, 4)]
    [InlineData(1, 728, 728)]
    public void FiltersAreRoundedDownAndStayAtLeastFour(double width, int filters, int narrow) =>
        Assert.Equal(narrow, new GraphBuilder(width).Filters(filters));

    [Fact]
    public void EveryArchitectureExistsInNarrowForm()
    {
        foreach (var architecture in ArchitectureCatalog.All)
        {
            var full = PatchNetwork.Build(new PatchOptions { Architecture = architecture.Name });
            var narrow = PatchNetwork.Build(new PatchOptions { Architecture = architecture.Name, WidthMultiplier = 0.0625 });
            Assert.Equal(full.Layers.Select(layer => layer.Name), narrow.Layers.Select(layer => layer.Name));
            Assert.True(Parameters(narrow) * 50 < Parameters(full));
            Assert.Equal(5, ShapeInference.Infer(narrow, new ImageSize(256, 256))[narrow.Outputs[0]].Channels);
        }
    }

    /// <summary>Multiply-adds as the papers and torchvision's tables give them (without the heads' last digit).</summary>
    [Theory]
    [InlineData("vgg16", 224, 15.35e9)]
    [InlineData("vgg19", 224, 19.51e9)]
    [InlineData("resnet50_torchvision", 224, 4.087e9)]
    [InlineData("xception", 299, 8.4e9)]
    [InlineData("inception_v3", 299, 5.71e9)]
    public void MultiplyAddsAreThePublished(string architecture, int size, double published)
    {
        var summary = ArchitectureCatalog.Summarize(ArchitectureCatalog.Find(architecture), new(size, size));
        Assert.Equal(1, summary.MultiplyAdds / published, 0.01);
    }

    [Fact]
    public void CatalogueTellsWhatARecipeCosts()
    {
        var summary = ArchitectureCatalog.Summarize(ArchitectureCatalog.Find("resnet50"), new(1152, 896), HeadRecipe.Find("[512-512-1024]x2"));
        Assert.Equal(("resnet50", "[512-512-1024]x2", 232, 40_942_466L), (summary.Architecture, summary.Recipe, summary.Layers, summary.Parameters));
        var narrow = ArchitectureCatalog.Summarize(ArchitectureCatalog.Find("resnet50"), new(1152, 896), HeadRecipe.Find("[512-512-1024]x2"), 0.25);
        Assert.True(narrow.Parameters < summary.Parameters && narrow.MultiplyAdds * 10 < summary.MultiplyAdds);
    }

    [Fact]
    public void ModelKnowsWhatItIs()
    {
        using var model = ModelFactory.Patch(new PatchOptions { Architecture = "yaroslav", WidthMultiplier = 0.125 }, 42);
        Assert.Equal(1, model.Card.Channels);
        Assert.Equal("yaroslav (width 0.125)", model.Card.Architecture);
        Assert.Contains("seed 42", Assert.Single(model.Card.Lineage), StringComparison.Ordinal);
        Assert.Equal(45, model.Layers.Length);
        Assert.Equal(model.ParameterCount, model.Layers.Sum(layer => layer.Parameters));
    }

    private static void AssertConflict(PatchOptions options, string named)
    {
        var error = Assert.Throws<MammoException>(() => PatchNetwork.Build(options));
        Assert.Equal("Mammo.ModelOptionConflict", error.ErrorId);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    private static long Parameters(LayerGraph graph) => WeightPlan.Of(graph).Sum(weight => weight.Elements);
}
