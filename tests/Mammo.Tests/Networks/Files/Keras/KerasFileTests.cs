using System.Text.Json;
using Mammo.Data.Images;
using Mammo.Networks.Files.Keras;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;

namespace Mammo.Tests.Networks.Files.Keras;

/// <summary>The Keras reader over every model file of the oracle.</summary>
public sealed class KerasFileTests
{
    public static TheoryData<string> Variants { get; } = [.. VariantCases().Select(variant => variant.Model)];

    public static TheoryData<string> Models { get; } =
    [
        "inception_patch_d16", "resnet50_patch", "resnet50_patch_d16_dropout",
        "resnet50_patch_d16_dropout_opt_sgd", "resnet50_whole_resx2", "vgg16_patch", "vgg16_patch_d16",
        "vgg16_patch_d16_opt_sgd", "vgg16_whole_heatmap",
        "vgg16_whole_heatmap_fc", "vgg16_whole_heatmap_fc_shortcut", "vgg16_whole_hybrid", "vgg16_whole_hybrid_1152x896",
        "vgg16_whole_hybrid_reps22", "vgg16_whole_vgg32x1_d16",
        "vgg16_whole_vgg32x1_d16_opt_adam", "vgg19_patch_d16", "xception_patch_d16", "yaroslav_patch", "yaroslav_patch_opt_nadam",
        "yaroslav_whole_vgg",
    ];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Variants_have_the_recorded_output_shape_and_all_their_weights(string model)
    {
        var variant = VariantCases().Single(candidate => candidate.Model == model);
        var file = KerasFile.Read(Shared.Data("oracle", "variants", model));
        Assert.Equal(variant.Inputs.Length, file.Graph.Inputs.Length);
        var shapes = ShapeInference.Infer(file.Graph);
        foreach (var (name, input) in file.Graph.Inputs.Paired(variant.Inputs))
            Assert.Equal(NpyFile.Read(Shared.Data("oracle", "variants", input)).Shape.Skip(1).Select(size => (int?)size), shapes[name].Sizes);
        var expected = NpyFile.Read(Shared.Data("oracle", "variants", variant.Expected)).Shape.Skip(1).Select(size => (int?)size);
        Assert.Equal(expected, shapes[Assert.Single(file.Graph.Outputs)].Sizes);
        using var joined = new MammoModel(model, file.Graph, file.Weights, new ModelCard());
        Assert.Equal(model.Contains("_224", StringComparison.Ordinal) ? "2.2.4" : "2.0.8", file.KerasVersion);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Models_have_the_layers_shapes_and_weights_of_the_record(string model)
    {
        var file = KerasFile.Read(ModelPath(model));
        using var joined = new MammoModel(model, file.Graph, file.Weights, new ModelCard());
        Assert.Empty(file.Notes);
        var record = Shared.Data("oracle", "models", "intermediate", System.Text.RegularExpressions.Regex.Replace(model, "_opt_[a-z]+$", "") + ".json");
        using var json = JsonDocument.Parse(File.ReadAllText(record));
        var layers = json.RootElement.GetProperty("layers").EnumerateArray()
            .Select(
                layer => (Name: layer.GetProperty("layer").GetString()!, Kind: layer.GetProperty("cls").GetString()!, Shape: layer.GetProperty("shape")
                    .EnumerateArray().Skip(1).Select(size => (int?)size.GetInt32()).ToArray()))
            .Where(layer => layer.Kind != "Model" && (layer.Kind != "InputLayer" || !layer.Name.Contains('/', StringComparison.Ordinal))).ToList();
        var shapes = ShapeInference.Infer(file.Graph, new ImageSize(layers[0].Shape[0]!.Value, layers[0].Shape[1]!.Value));
        Assert.Equal(
            layers.Select(layer => (layer.Name, layer.Kind, Shape: TensorText(layer.Shape))),
            file.Graph.Layers.Select(layer => (layer.Name, layer.Kind.KerasName, TensorText(shapes[layer.Name].Sizes))));

        static string TensorText(IEnumerable<int?> sizes) => string.Join(",", sizes);
    }

    internal static string ModelPath(string model) => Shared.Data("oracle", "models", model + ".h5");

    internal static IReadOnlyList<VariantCase> VariantCases()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Shared.Data("oracle", "variants", "variants.json")));
        return [.. json.RootElement.EnumerateArray().Select(variant => new VariantCase(
            variant.GetProperty("model").GetString()!, [.. variant.GetProperty("inputs").EnumerateArray().Select(input => input.GetString()!)],
            variant.GetProperty("expected").GetString()!))];
    }

    internal sealed record VariantCase(string Model, string[] Inputs, string Expected);
}
