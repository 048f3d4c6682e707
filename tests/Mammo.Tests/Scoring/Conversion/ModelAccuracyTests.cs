using Mammo.Data.Dicom;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Networks.Architectures;
using Mammo.Networks.Files;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Networks.Storage;
using Mammo.Scoring;
using Mammo.Scoring.Conversion;
using Mammo.Scoring.Managed;
using Mammo.Tests.Scoring.Engines;
using Mammo.Torch;

namespace Mammo.Tests.Scoring.Conversion;

/// <summary>The differences of Mammo's engine from float64, layer by layer.</summary>
public sealed class ModelAccuracyTests
{
    private static readonly string[] Films = [.. Directory.GetFiles(Path.Combine(Shared.Repository, "examples", "data"), "*.png").Order().Take(2)];

    [Theory]
    [InlineData("vgg16_patch_d16.h5")]
    [InlineData("yaroslav_patch.h5")]
    [InlineData("yaroslav_whole_vgg.h5")]
    [InlineData("vgg16_whole_heatmap_fc_shortcut.h5")]
    public void Every_layer_is_compared_with_itself(string file)
    {
        using var imported = ModelFiles.Import(Shared.Data("oracle", "models", file)).Model;
        using var model = imported.WithCard(imported.Card with { ImageSize = new ImageSize(224, 224), RescaleFactor = 0.003891, FeaturewiseMean = 52.18 });
        var layers = ModelAccuracy.Measure(model, Films, new DicomOptions(), TestContext.Current.CancellationToken);

        // Another layer's output, or one in another order, would differ by about the root mean square.
        Assert.All(layers, layer => Assert.InRange(layer.MaxDifference, 0, 1e-4 * Math.Max(layer.RootMeanSquare, 1e-3)));
        Assert.All(layers, layer => Assert.InRange(layer.MeanDifference, 0, layer.MaxDifference));
        Assert.Contains(layers, layer => layer.MaxDifference > 0);
        Assert.Equal(model.Graph.Outputs, layers.Select(layer => layer.Name).Where(model.Graph.Outputs.Contains));
        Assert.All(layers, layer => Assert.Equal(0, layer.Tile));
    }

    [Fact]
    public void Layers_by_Winograds_method_say_their_tile()
    {
        using var made = ModelFactory.Patch(new PatchOptions { Architecture = "vgg16", WidthMultiplier = 3.0 / 4 }, 1);
        using var model = made.WithCard(made.Card with { ImageSize = new ImageSize(64, 64), RescaleFactor = 0.003891, FeaturewiseMean = 52.18 });
        var layers = ModelAccuracy.Measure(model, Films[..1], new DicomOptions(), TestContext.Current.CancellationToken);
        Assert.All(layers, layer => Assert.InRange(layer.MaxDifference, 0, 1e-4 * Math.Max(layer.RootMeanSquare, 1e-3)));
        Assert.Contains(layers, layer => layer.Tile == 4);
        Assert.Contains(layers, layer => layer.Tile == 0);
    }

    [Fact]
    public void The_last_layer_differs_as_the_scores_do()
    {
        using var imported = ModelFiles.Import(Shared.Data("oracle", "models", "yaroslav_whole_vgg.h5")).Model;
        using var model = imported.WithCard(imported.Card with { ImageSize = new ImageSize(224, 224), RescaleFactor = 0.003891, FeaturewiseMean = 52.18 });
        var planes = Films.Select(film => ModelPreparation.For(model, new()).Preparation.Apply(ImageReader.Read(film)).Plane);
        using var engine = new ManagedEngine(model.Graph, model.Weights, new ManagedOptions());
        using var exact = new TorchEngine(model.Graph, model.Weights, "cpu", Precision.Float64);
        var differences = planes.Select(plane => new PlaneBatch(plane.Height, plane.Width, [plane.Values]))
            .SelectMany(batch => engine.Run(batch).Values.Zip(exact.Run(batch).Values, (found, known) => Math.Abs(found - known))).ToList();

        var last = ModelAccuracy.Measure(model, Films, new DicomOptions(), TestContext.Current.CancellationToken)[^1];
        Assert.Equal((model.Graph.Outputs[0], differences.Max()), (last.Name, last.MaxDifference));
        Assert.Equal(differences.Average(), last.MeanDifference, 1e-12);
    }

    [Fact]
    public void A_wrong_value_is_seen()
    {
        var sum = new DifferenceSum();
        sum.Add([1, 2], [1, 2.5]);
        sum.Add([3, float.PositiveInfinity], [2, double.PositiveInfinity]);
        Assert.Equal(new LayerAccuracy("a", "Add", 2, 1, 0.375, double.PositiveInfinity), sum.Of("a", "Add", 2));
        sum.Add([float.NaN], [0]);
        Assert.Equal(double.PositiveInfinity, sum.Of("a", "Add", 2).MaxDifference);
    }

    [Fact]
    public void A_network_that_the_engine_does_not_run_is_refused()
    {
        var graph = new TestNetwork().Input("in", 8, 8, 1).Then("norm", new LayerKind.LayerNormalization(1e-3, true, true))
            .Then("pool", new LayerKind.GlobalAveragePooling2D()).Graph();
        var card = new ModelCard { Classes = ["a"], Channels = 1, RescaleFactor = 1, FeaturewiseMean = 0 };
        using var model = new MammoModel("norm", graph, TestNetwork.Weights(graph), card);
        var failure = Assert.Throws<MammoException>(
            () => ModelAccuracy.Measure(model, Films, new DicomOptions(), TestContext.Current.CancellationToken));
        Assert.Equal(ErrorIds.ModelLayerUnsupported, failure.ErrorId);
        Assert.Contains("'norm'", failure.Message, StringComparison.Ordinal);
    }
}
