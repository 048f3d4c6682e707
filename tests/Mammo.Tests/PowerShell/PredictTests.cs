using System.Reflection;
using System.Text.Json.Nodes;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Engines;
using Mammo.Scoring.Managed;
using Mammo.Tests.Scoring.Engines;

namespace Mammo.Tests.PowerShell;

/// <summary>The first pipeline that a user types, through the real engine, on the original's own files.</summary>
public sealed class PredictTests
{
    private static readonly string Images = Shared.Data("oracle", "images");

    // What a shared engine shares is nobody else's business but a test's.
    private static readonly FieldInfo EngineField = typeof(SharedEngine).GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
        .Single(field => field.FieldType == typeof(IEngine));

    private const int Side = 64;

    [Theory]
    [InlineData("onnx")]
    [InlineData("mammo")]
    [InlineData("torch")]
    public void Scores_equal_the_originals_with_flips_and_from_the_pipeline(string engine)
    {
        using var session = new Session();
        var oracle = JsonNode.Parse(File.ReadAllText(Shared.Data("oracle", "models", "predictions.json")))!["vgg16_whole_vgg32x1_d16"]!;
        session.Set("h5", Shared.Data("oracle", "models", "vgg16_whole_vgg32x1_d16.h5"));
        session.Set("images", Images);
        session.Set("engine", engine);
        session.Run("$m = Import-MammoModel -LiteralPath $h5 -Class neg, pos -RescaleFactor 0.003891 -FeaturewiseMean 52.18");
        foreach (var row in oracle["images"]!.AsArray().Where(row => row!["rescale_factor"] is { } factor && (double)factor == 0.003891))
        {
            session.Set("name", (string)row!["image"]!);
            var plain = Predict("Join-Path $images $name | Invoke-MammoPredict -Model $m -Engine $engine");
            var flipped = Predict("Invoke-MammoPredict $m -Path (Join-Path $images $name) -Augment -Engine $engine");
            AssertClose(row["float64"]!, plain);
            AssertClose(row["float64_flip4"]!, flipped);
            Assert.StartsWith(engine, plain.Engine, StringComparison.Ordinal);
        }

        MammoPrediction Predict(string script) => Assert.IsType<MammoPrediction>(Assert.Single(session.Run(script)));
    }

    [Theory]
    [InlineData(0.3, true)]
    [InlineData(0.9, false)]
    public void An_interval_without_width_is_explained(double highestNegative, bool isWarned)
    {
        using var session = new Session();
        MammoPrediction Of(int label, double score) => new()
        {
            Path = "x.png",
            Label = label,
            Score = score,
            Probability = NamedTable.Of(["neg", "pos"], [1 - score, score]),
            ModelScore = NamedTable.Of(["m"], [score]),
            Engine = "torch cpu float32",
        };
        session.Set("scores", new[] { Of(0, 0.1), Of(0, highestNegative), Of(1, 0.8), Of(1, 0.9) });
        Assert.Single(session.Run("$scores | Measure-MammoPrediction"));
        Assert.Equal(isWarned, session.Warnings.Any(warning => warning.Contains(ErrorIds.IntervalWithoutWidth, StringComparison.Ordinal)));
    }

    /// <summary>The switch chooses an engine of the model's; that one has run, and computes equal tiles once or each for itself.</summary>
    [Theory]
    [InlineData("", true)]
    [InlineData("-SkipBackground", true)]
    [InlineData("-SkipBackground:$false", false)]
    public void The_engine_skips_the_background_unless_it_must_not(string text, bool skips)
    {
        using var session = new Session();
        using var model = Model(TestNetwork.Conv(8));
        session.Set("m", model);
        session.Set("film", Path.Combine(Images, "img05_u16_113x87.png"));
        var prediction = Assert.IsType<MammoPrediction>(Assert.Single(session.Run($"Invoke-MammoPredict $m -Path $film -Engine Mammo {text}")));
        Assert.Equal("mammo cpu float32", prediction.Engine);

        ManagedEngine Engine(bool isSkipping) => Assert.IsType<ManagedEngine>(
            EngineField.GetValue(EngineFactory.For(model, new PredictorOptions { Engine = EngineKind.Mammo, SkipBackground = isSkipping })));
        Assert.Equal((true, false), (Engine(skips).MemoryLength > 0, Engine(!skips).MemoryLength > 0));
        foreach (var isSkipping in new[] { true, false })
        {
            var skipped = 0;
            Engine(isSkipping).Observe = (step, pass) =>
                skipped += step is TileStep tiles && pass.WorkOf(step) is { } work ? tiles.Grid.Count - work.Tiles.Length : 0;
            Engine(isSkipping).Run(new PlaneBatch(Side, Side, [new float[Side * Side]]), TestContext.Current.CancellationToken);
            Assert.Equal(isSkipping, skipped > 0);
        }
    }

    /// <summary>No architecture that PowerShell can make has such a layer.</summary>
    [Fact]
    public void A_layer_that_the_engine_does_not_compute_is_named()
    {
        using var session = new Session();
        using var model = Model(new LayerKind.LayerNormalization(1e-3, true, true));
        session.Set("m", model);
        session.Set("film", Path.Combine(Images, "img05_u16_113x87.png"));
        var prediction = Assert.IsType<MammoPrediction>(Assert.Single(session.Run(
            "$VerbosePreference = 'Continue'; Invoke-MammoPredict $m -Path $film -Engine Mammo")));
        Assert.Equal("onnx cpu float32", prediction.Engine);
        Assert.Contains(session.Verbose, line => line.Contains(
            "engine onnx cpu float32 (Mammo's engine does not compute layer 'layer' of kind LayerNormalization)", StringComparison.Ordinal));
    }

    private static MammoModel Model(LayerKind layer)
    {
        var graph = new TestNetwork().Input("in", Side, Side, 1).Then("layer", layer)
            .Then("pool", new LayerKind.GlobalAveragePooling2D()).Then("classes", new LayerKind.Dense(2, true, Activation.Softmax)).Graph();
        var card = new ModelCard
        {
            Classes = ["neg", "pos"],
            ImageSize = new ImageSize(Side, Side),
            Channels = 1,
            RescaleFactor = 255.0 / 65535,
            FeaturewiseMean = 52,
        };
        return new MammoModel("small", graph, TestNetwork.Weights(graph), card);
    }

    private static void AssertClose(JsonNode expected, MammoPrediction prediction)
    {
        foreach (var (value, score) in expected.AsArray().Zip(prediction.Probability.Values))
            Assert.Equal((double)value!, score, 5e-4);
    }
}
