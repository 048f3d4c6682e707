using System.Globalization;
using System.Text.Json;
using Mammo.Networks.Files;
using Mammo.Networks.Models;
using Mammo.Networks.Storage;
using Mammo.Scoring.Conversion;
using Mammo.Scoring.Prediction;
using Mammo.Tests.Data;

namespace Mammo.Tests.Scoring.Conversion;

/// <summary>Conversion that proves itself.</summary>
public sealed class ModelConversionTests
{
    private static readonly string Source = Shared.Data("oracle", "models", "yaroslav_whole_vgg.h5");

    [Fact]
    public void An_exact_conversion_says_so()
    {
        var report = ModelConversion.Convert(Source, Target());
        Assert.True(report.IsExact);
        Assert.Equal((55, 0, 0.0), (report.Nodes, report.GraphDifferences.Length, report.MaxWeightDifference));
        Assert.Equal(31126, report.Layers.Sum(layer => layer.Parameters));
        Assert.Equal(ModelFiles.Import(Source).Model.Card.WeightHash, report.WeightHash);
        Assert.Null(report.MaxOutputDifference);
    }

    [Fact]
    public void Rounding_is_measured_layer_by_layer()
    {
        var report = ModelConversion.Convert(Source, Target(), format: WeightFormat.BFloat16);
        Assert.False(report.IsExact);
        Assert.Empty(report.GraphDifferences);
        Assert.All(report.Layers, layer => Assert.Equal(layer.Kind == "BatchNormalization", layer.MaxDifference == 0));
        Assert.Equal(report.Layers.Max(layer => layer.MaxDifference), report.MaxWeightDifference);
    }

    [Fact]
    public void Another_model_is_told_node_by_node()
    {
        var target = Target();
        using (var other = ModelFiles.Import(Shared.Data("oracle", "models", "yaroslav_patch.h5")).Model)
            ModelFiles.Export(other, target);
        var report = ModelConversion.Compare(Source, target);
        Assert.Contains(report.GraphDifferences, difference => difference.Contains("'model_1/block1_conv1' is missing", StringComparison.Ordinal));
        Assert.Contains(report.GraphDifferences, difference => difference.Contains("'predictions' is new", StringComparison.Ordinal));
        Assert.Contains(report.GraphDifferences, difference => difference.Contains("layer 'input_1' was", StringComparison.Ordinal));
        Assert.Equal(double.PositiveInfinity, report.MaxWeightDifference);
        Assert.Contains("Infinity", ModelConversionReportWriter.Json(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Known_outputs_are_compared_by_the_callers_engine()
    {
        MammoModel? given = null;
        var expected = new ExpectedOutputs([0.25, 0.75], model =>
        {
            given = model;
            Assert.Equal(31126, model.ParameterCount);
            return [0.25, 0.5];
        });
        var report = ModelConversion.Convert(Source, Target(), expected: expected);
        Assert.NotNull(given);
        Assert.Equal((2, 0.25), (report.OutputsCompared, report.MaxOutputDifference));
        Assert.Equal(double.PositiveInfinity, ModelConversion.Convert(Source, Target(), expected: expected with { Run = _ => [1] }).MaxOutputDifference);
    }

    [Fact]
    public void The_source_is_never_overwritten()
    {
        var path = Path.Combine(Shared.NewFolder(), "model.h5");
        File.Copy(Source, path);
        Assert.Equal(ErrorIds.FileExists, Assert.Throws<MammoException>(() => ModelConversion.Convert(path, path, force: true)).ErrorId);
        Assert.Equal(File.ReadAllBytes(Source), File.ReadAllBytes(path));
    }

    [Fact]
    public void Reports_are_written_for_programs_and_people() => Culture.German(() =>
    {
        var target = Target();
        var report = ModelConversion.Convert(Source, target, format: WeightFormat.Float16);
        ModelConversionReportWriter.Write(report, target + ".json");
        ModelConversionReportWriter.Write(report, target + ".md");
        using var json = JsonDocument.Parse(File.ReadAllText(target + ".json"));
        Assert.Equal(report.MaxWeightDifference, json.RootElement.GetProperty("max_weight_difference").GetDouble());
        Assert.Equal(report.Layers.Length, json.RootElement.GetProperty("layers").GetArrayLength());
        var text = File.ReadAllText(target + ".md");
        Assert.StartsWith("# Conversion of yaroslav_whole_vgg.h5\n", text, StringComparison.Ordinal);
        Assert.Contains(report.MaxWeightDifference.ToString("G6", CultureInfo.InvariantCulture), text, StringComparison.Ordinal);
        Assert.Contains("| model_1/block1_conv1 | Conv2D | 40 |", text, StringComparison.Ordinal);
        Assert.Equal(ErrorIds.FileExists, Assert.Throws<MammoException>(() => ModelConversionReportWriter.Write(report, target + ".md")).ErrorId);
    });

    private static string Target() => Path.Combine(Shared.NewFolder(), "model.safetensors");
}
