using System.Globalization;
using System.Text.Json.Nodes;
using Mammo.Evaluation.Measurement;
using Mammo.Networks.Models;
using Mammo.Scoring.Conversion;

namespace Mammo.Tests.PowerShell;

/// <summary>The cmdlets of models on the original's own files; the rest is in tests/Pester.</summary>
public sealed class ModelCmdletTests
{
    [Fact]
    public void A_card_tells_the_area_to_which_its_interval_belongs()
    {
        var builder = new MeasurementBuilder();
        foreach (var (normal, malignant, label) in new[] { (0.8, 0.1, 0), (0.2, 0.3, 0), (0.3, 0.2, 1), (0.6, 0.3, 1), (0.1, 0.2, 2), (0.2, 0.7, 2) })
            builder.Add(NamedTable.Of(["normal", "benign", "malignant"], [normal, 1 - normal - malignant, malignant]), label);
        var measurement = builder.Measure(cancellation: TestContext.Current.CancellationToken)!;
        var told = ModelMeasurement.Of(measurement, "six films");
        Assert.Equal(measurement.ClassAuc["malignant"], told.Auc);
        Assert.NotEqual(measurement.Auc, told.Auc);
        Assert.InRange(told.Auc, told.Lower!.Value, told.Upper!.Value);
    }

    [Fact]
    public void A_published_name_fills_the_card_and_says_so()
    {
        using var session = new Session();
        var folder = Shared.NewFolder();
        var name = "ddsm_vgg16_s10_[512-512-1024]x2_hybrid.h5";
        File.Copy(Shared.Data("oracle", "models", "vgg16_whole_hybrid_1152x896.h5"), Path.Combine(folder, name));
        session.SetLocation(folder);
        MammoModel Import(string arguments) => Assert.IsType<MammoModel>(Assert.Single(session.Run("Import-MammoModel " + arguments)));
        var model = Import($"'./{name}'");
        Assert.Equal((52.18, 0.003891), (model.Card.FeaturewiseMean, model.Card.RescaleFactor));
        Assert.Equal(["neg", "pos"], model.Classes);
        Assert.Contains(session.Warnings, warning => warning.Contains("52.18", StringComparison.Ordinal));
        model = Import($"-LiteralPath './{name}' -Class neg, pos -RescaleFactor 0.5 -FeaturewiseMean 1 -License CC0-1.0 -Verbose");
        Assert.Equal((1.0, 0.5), (model.Card.FeaturewiseMean, model.Card.RescaleFactor));
        Assert.Equal(("CBIS-DDSM", "CC0-1.0"), (model.Card.TrainedOn, model.Card.License));
        Assert.Empty(session.Warnings);
    }

    [Fact]
    public void Conversion_is_verified_from_both_files_and_known_scores()
    {
        using var session = new Session();
        var folder = Shared.NewFolder();
        var row = JsonNode.Parse(File.ReadAllText(Shared.Data("oracle", "models", "predictions.json")))!["vgg16_whole_vgg32x1_d16"]!["images"]![0]!;
        var scores = row["float64_flip4"]!.AsArray().Select(score => ((double)score!).ToString("R", CultureInfo.InvariantCulture));
        File.Copy(Shared.Data("oracle", "images", (string)row["image"]!), Path.Combine(folder, "image.png"));
        File.WriteAllText(Path.Combine(folder, "known.csv"), $"path,label,neg,pos\nimage.png,,{string.Join(',', scores)}\n");
        File.Copy(Shared.Data("oracle", "models", "vgg16_whole_vgg32x1_d16.h5"), Path.Combine(folder, "m.h5"));
        session.SetLocation(folder);
        var report = Assert.IsType<ModelConversionReport>(Assert.Single(session.Run(
            "Convert-MammoModel m.h5 -Expected known.csv -Augment -Class neg, pos -RescaleFactor 0.003891 -FeaturewiseMean 52.18")));
        Assert.True(report.IsExact);
        Assert.Equal(2, report.OutputsCompared);
        Assert.InRange(report.MaxOutputDifference!.Value, 0, 5e-4);
        Assert.True(File.Exists(Path.Combine(folder, "m.safetensors")));
        Assert.Contains("greatest difference 0", File.ReadAllText(Path.Combine(folder, "m.report.md")), StringComparison.Ordinal);
    }
}
