using System.Text.Json.Nodes;
using Mammo.Scoring;

namespace Mammo.Tests.PowerShell;

/// <summary>The first pipeline that a user types, through the real engine, on the original's own files.</summary>
public sealed class PredictTests
{
    private static readonly string Images = Shared.Data("oracle", "images");

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

    private static void AssertClose(JsonNode expected, MammoPrediction prediction)
    {
        foreach (var (value, score) in expected.AsArray().Zip(prediction.Probability.Values))
            Assert.Equal((double)value!, score, 5e-4);
    }
}
