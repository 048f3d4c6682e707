using System.Globalization;
using System.Text.Json.Nodes;
using Mammo.Evaluation;
using Mammo.Networks.Architectures;
using Mammo.Networks.Files;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring.Conversion;

namespace Mammo.Tests.PowerShell;

public sealed class ModelCmdletTests
{
    private const string Small = "$patch = New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class a, b, c -Seed 3; $whole = $patch | New-WholeImageModel -ImageSize 256, 192 -Recipe 512x1 -TopDepth 8, 8 -FeaturewiseMean 44.33; ";

    [Fact]
    public void Models_are_built_listed_written_and_read_back()
    {
        using var session = new Session();
        var folder = Shared.NewFolder();
        session.SetLocation(folder);
        var layers = session.Run(Small + "$whole.Layers").Cast<LayerListing>().ToArray();
        Assert.True(layers.Single(layer => layer.Name == "model_1/block1_conv1").Frozen);
        Assert.False(layers[^1].Frozen);
        var whole = (MammoModel)session.Run("$whole | Export-MammoModel './a [1].safetensors' -PassThru")[0];
        var read = Assert.IsType<MammoModel>(Assert.Single(session.Run("Import-MammoModel './a [1].safetensors'")));
        Assert.Equal(GraphJson.Write(whole.Graph), GraphJson.Write(read.Graph));
        Assert.All(whole.Weights, weight => Assert.Equal(weight.Value.Values, read.Weights[weight.Key].Values));
        Assert.Equal((44.33, "a [1]", 64), (read.Card.FeaturewiseMean, read.Name, read.Card.WeightHash!.Length));
        Assert.Equal(["neg", "pos"], read.Classes);

        session.Fails("$whole | Export-MammoModel './a [1].safetensors'", ErrorIds.FileExists);
        session.Run("$whole | Export-MammoModel './a [1].safetensors' -Force; $whole | Export-MammoModel whole.onnx; $whole | Export-MammoModel no.safetensors -WhatIf; $whole | Export-MammoModel half.safetensors -WeightFormat Float16");
        Assert.Equal(["a [1].safetensors", "half.safetensors", "whole.onnx"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.True(new FileInfo(Path.Combine(folder, "half.safetensors")).Length < 0.7 * new FileInfo(Path.Combine(folder, "a [1].safetensors")).Length);
    }

    [Fact]
    public void The_model_that_comes_with_Mammo_has_a_card_that_tells_what_it_is_worth()
    {
        using var session = new Session();
        var model = Assert.IsType<MammoModel>(Assert.Single(session.Run("Import-MammoModel -Name MINI-mias")));
        Assert.Equal(("mini-mias", 512, 512), (model.Name, model.Card.ImageSize!.Value.Height, model.Card.ImageSize.Value.Width));
        Assert.Contains("research use only", model.Card.License, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("mini-MIAS", model.Card.TrainedOn, StringComparison.Ordinal);
        Assert.InRange(model.Card.Measurement!.Auc, model.Card.Measurement.Lower!.Value, model.Card.Measurement.Upper!.Value);
        Assert.NotEmpty(model.Card.Training!["splits"]!.AsArray());
        Assert.InRange(new FileInfo(ShippedModels.PathOf("mini-mias")).Length, 1, 12_000_000);
        session.Fails("Import-MammoModel -Name vgg99", ErrorIds.ModelNameUnknown);
    }

    [Fact]
    public void A_measurement_travels_in_the_card_until_the_model_changes()
    {
        using var session = new Session();
        session.SetLocation(Shared.NewFolder());
        session.Set("measure", Measure((0.1, 0), (0.6, 0), (0.4, 1), (0.9, 1), (0.8, 1)));
        var passed = Assert.IsType<MammoModel>(Assert.Single(session.Run(Small + "$patch | Export-MammoModel m.safetensors -Measurement $measure -MeasuredOn 'some films' -PassThru")));
        var card = Assert.IsType<MammoModel>(session.Run("Import-MammoModel m.safetensors")[0]).Card;
        Assert.Equal(("some films", 5, 3), (card.Measurement!.MeasuredOn, card.Measurement.Count, card.Measurement.Positives));
        Assert.Equal(card.Measurement, passed.Card.Measurement);
        Assert.Null(Assert.IsType<MammoModel>(session.Run("Import-MammoModel m.safetensors | New-WholeImageModel -ImageSize 256, 192 -Recipe 512x1")[0]).Card.Measurement);
    }

    [Fact]
    public void A_card_tells_the_area_to_which_its_interval_belongs()
    {
        var builder = new MeasurementBuilder();
        foreach (var (normal, malignant, label) in new[] { (0.8, 0.1, 0), (0.2, 0.3, 0), (0.3, 0.2, 1), (0.6, 0.3, 1), (0.1, 0.2, 2), (0.2, 0.7, 2) })
            builder.Add(NamedTable.Of(["normal", "benign", "malignant"], [normal, 1 - normal - malignant, malignant]), label);
        var measurement = builder.Measure()!;
        var told = ModelMeasurement.Of(measurement, "six films");
        Assert.Equal(measurement.ClassAuc["malignant"], told.Auc);
        Assert.NotEqual(measurement.Auc, told.Auc);
        Assert.InRange(told.Auc, told.Lower!.Value, told.Upper!.Value);
    }

    [Theory]
    [InlineData("background, benign, malignant", "", "background,benign,malignant")]
    [InlineData("background, benign, malignant", "-Class normal, benign, malignant", "normal,benign,malignant")]
    [InlineData("background, abnormal", "", "neg,pos")]
    public void Top_k_pooling_keeps_the_names_of_more_than_two_classes(string patchClasses, string parameters, string expected)
    {
        using var session = new Session();
        var model = Assert.IsType<MammoModel>(Assert.Single(session.Run(
            $"New-PatchModel resnet_small -WidthMultiplier 0.25 -Class {patchClasses} | New-WholeImageModel -ImageSize 128, 128 -HeatmapPooling TopK -AvgPoolSize 2, 2 {parameters}")));
        Assert.Equal(expected.Split(','), model.Classes);
        Assert.Empty(session.Errors.Concat<object>(session.Warnings));
    }

    [Fact]
    public void A_published_name_fills_the_card_and_says_so()
    {
        using var session = new Session();
        var folder = Shared.NewFolder();
        var name = "ddsm_vgg16_s10_[512-512-1024]x2_hybrid.h5";
        File.Copy(Shared.Data("oracle", "models", "vgg16_whole_hybrid_1152x896.h5"), Path.Combine(folder, name));
        session.SetLocation(folder);
        var model = Assert.IsType<MammoModel>(Assert.Single(session.Run($"Import-MammoModel './{name}'")));
        Assert.Equal((52.18, 0.003891), (model.Card.FeaturewiseMean, model.Card.RescaleFactor));
        Assert.Equal(["neg", "pos"], model.Classes);
        Assert.Contains(session.Warnings, warning => warning.Contains("52.18", StringComparison.Ordinal));
        model = Assert.IsType<MammoModel>(Assert.Single(session.Run($"Import-MammoModel -LiteralPath './{name}' -Class neg, pos -RescaleFactor 0.5 -FeaturewiseMean 1 -License CC0-1.0 -Verbose")));
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
        var report = Assert.IsType<ConversionReport>(Assert.Single(session.Run("Convert-MammoModel m.h5 -Expected known.csv -Augment -Class neg, pos -RescaleFactor 0.003891 -FeaturewiseMean 52.18")));
        Assert.True(report.IsExact);
        Assert.Equal(2, report.OutputsCompared);
        Assert.InRange(report.MaxOutputDifference!.Value, 0, 5e-4);
        Assert.True(File.Exists(Path.Combine(folder, "m.safetensors")));
        Assert.Contains("greatest difference 0", File.ReadAllText(Path.Combine(folder, "m.report.md")), StringComparison.Ordinal);
        session.Fails("Convert-MammoModel m.h5 -ErrorAction Stop", ErrorIds.FileExists);
        File.Copy(Path.Combine(folder, "m.h5"), Path.Combine(folder, "n.h5"));
        Assert.Single(session.Run("'m.h5', 'n.h5' | Convert-MammoModel -Class neg, pos"));
        Assert.Equal(System.Management.Automation.ErrorCategory.ResourceExists, Assert.Single(session.Errors).CategoryInfo.Category);
    }

    [Fact]
    public void A_model_is_shown_as_text_without_its_weights()
    {
        using var session = new Session();
        var text = Assert.IsType<string>(Assert.Single(session.Run(Small + "[System.Management.Automation.PSSerializer]::Serialize($whole, 3)")));
        Assert.Contains("44.33", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 1, 200_000);
    }

    [Fact]
    public void Architectures_are_listed_and_names_complete()
    {
        using var session = new Session();
        var found = session.Run("Get-MammoArchitecture vgg*; Get-MammoArchitecture resnet50 -Recipe '[512-512-1024]x2'").Cast<ArchitectureSummary>().ToArray();
        Assert.Equal(["vgg16", "vgg19", "resnet50"], found.Select(summary => summary.Architecture));
        Assert.Equal(14_717_253, found[0].Parameters);
        Assert.Equal(40_942_466, found[2].Parameters);
        session.Fails("Get-MammoArchitecture lenet", ErrorIds.ModelArchitectureUnknown);
        Assert.Contains("resnet50", Completions(session, "New-PatchModel -Architecture res"));
        Assert.Contains("'[512-512-1024]x2'", Completions(session, "New-WholeImageModel -Recipe "));
        Assert.Contains("cuda", Completions(session, "Invoke-MammoPredict -Device c"));
        session.Run(Small);
        Assert.Contains("block5_pool", Completions(session, "New-WholeImageModel -InputObject $patch -CutLayer block5_p"));
        Assert.Contains("block5_pool", Completions(session, "$patch | New-WholeImageModel -CutLayer block5_p"));
        Assert.DoesNotContain("block5_pool", Completions(session, "$nothing | New-WholeImageModel -CutLayer block5_p"));
    }

    [Fact]
    public void What_contradicts_itself_is_refused_by_name()
    {
        using var session = new Session();
        session.Run(Small);
        Assert.Contains("TopRepetition", session.Fails("$patch | New-WholeImageModel -TopDepth 8, 8 -TopRepetition 1", ErrorIds.ModelOptionConflict).Exception.Message, StringComparison.Ordinal);
        var conflict = session.Fails("$patch | New-WholeImageModel -AddShortcut -ErrorAction Stop", ErrorIds.ModelOptionConflict);
        Assert.Equal(System.Management.Automation.ErrorCategory.InvalidArgument, conflict.CategoryInfo.Category);
        session.Fails("$patch | New-WholeImageModel -ImageSize 16, 16 -ErrorAction Stop", ErrorIds.ModelOptionConflict);
        session.Run("$patch | New-WholeImageModel -ImageSize 320, 320 -HeatmapOnly -TopDepth 8, 8 -Class neg, pos");
        Assert.Contains("-Class, -TopDepth has no effect", Assert.Single(session.Warnings), StringComparison.Ordinal);
        session.Run("$patch | New-WholeImageModel -ImageSize 64, 64 -FullyConnected -TopRepetition 1, 1 -AvgPoolSize 3");
        Assert.Contains("-AvgPoolSize, -TopRepetition has no effect", Assert.Single(session.Warnings), StringComparison.Ordinal);
        session.Run("$patch | New-WholeImageModel -ImageSize 64, 64 -BlockType vgg -TopDepth 8 -TopRepetition 1");
        Assert.Empty(session.Warnings);
        session.Fails("New-PatchModel vgg16 -PretrainedWeight ./missing.h5", ErrorIds.FileNotFound);
        session.Fails("Import-MammoModel ./missing.h5", ErrorIds.FileNotFound);
        session.Set("png", Shared.Data("oracle", "images", "img00_u16_288x224.png"));
        session.Fails("Import-MammoModel $png", ErrorIds.ModelFileInvalid);
    }

    private static string[] Completions(Session session, string text) =>
        [.. session.Run($"(TabExpansion2 '{text.Replace("'", "''", StringComparison.Ordinal)}' {text.Length}).CompletionMatches.CompletionText").Cast<string>()];

    private static MammoMeasurement Measure(params (double Score, int Label)[] images)
    {
        var builder = new MeasurementBuilder();
        foreach (var (score, label) in images)
            builder.Add(NamedTable.Of(["neg", "pos"], [1 - score, score]), label);
        return builder.Measure()!;
    }
}
