using System.Text.Json;
using Mammo.Data.Images;
using Mammo.Networks.Architectures;
using Mammo.Networks.Files.Keras;
using Mammo.Networks.Graphs;

namespace Mammo.Tests.Networks.Architectures;

/// <summary>Networks built here, narrow as the oracle's, against the graphs in the oracle's Keras files.</summary>
public class OracleModelTests
{
    public static TheoryData<string> PatchModels =>
        ["vgg16_patch", "vgg16_patch_d16", "vgg19_patch_d16",
            "resnet50_patch", "resnet50_patch_d16_dropout", "yaroslav_patch", "xception_patch_d16", "inception_patch_d16"];

    public static TheoryData<string> WholeModels =>
    [
        "vgg16_whole_vgg32x1_d16", "vgg16_whole_hybrid", "vgg16_whole_hybrid_reps22",
        "vgg16_whole_hybrid_1152x896", "resnet50_whole_resx2", "yaroslav_whole_vgg",
        "vgg16_whole_heatmap", "vgg16_whole_heatmap_fc", "vgg16_whole_heatmap_fc_shortcut",
    ];

    [Theory]
    [MemberData(nameof(PatchModels))]
    public void NarrowPatchNetworkIsTheFiles(string model)
    {
        var spec = Spec(model);
        var file = KerasFile.Read(Model(model));
        var built = PatchNetwork.Build(new PatchOptions
        {
            Architecture = spec.GetProperty("net").GetString()!,
            Classes = [.. Enumerable.Range(0, spec.GetProperty("nb_class").GetInt32()).Select(index => $"class {index}")],
            HiddenDropout = spec.TryGetProperty("dropout", out var dropout) ? dropout.GetDouble() : 0,
            WidthMultiplier = 1.0 / spec.GetProperty("D").GetInt32(),
        });
        AssertSameGraph(file.Graph, built);
        Assert.Equal(file.Graph.Layers.Select(layer => layer.Role), built.Layers.Select(layer => layer.Role));
        Assert.All(WeightPlan.Of(built), weight => Assert.Equal(weight.Shape, file.Weights[weight.Name].Shape));
    }

    [Theory]
    [MemberData(nameof(WholeModels))]
    public void WholeImageNetworkFromPatchFileIsTheFiles(string model)
    {
        var spec = Spec(model);
        var patch = KerasFile.Read(Model(spec.GetProperty("patch").GetString()!));
        var file = KerasFile.Read(Model(model));
        var options = TopArguments.Read(
            spec.GetProperty("top")) with
        { ImageSize = new ImageSize(spec.GetProperty("size")[0].GetInt32(), spec.GetProperty("size")[1].GetInt32()) };
        // The oracle's patch networks have no dropout layer, so the original cut them one layer early.
        var notes = WholeImageNetwork.Build(patch.Graph, null, new WholeImageOptions()).Notes;
        var isAccident = !notes.IsEmpty;
        var plan = WholeImageNetwork.Build(
            patch.Graph, patch.Weights, isAccident ? options with { CutLayer = notes[0].Split("CutLayer '")[1].Split('\'')[0] } : options);
        Assert.Equal(!spec.GetProperty("net").ValueEquals("yaroslav"), isAccident);
        AssertSameGraph(file.Graph, plan.Graph);
        Assert.Equal(file.Graph.Layers.Select(layer => layer.Role), plan.Graph.Layers.Select(layer => layer.Role));
        AssertKept(patch, plan);
        AssertTakesTheFilesHead(file, plan);
    }

    /// <summary>The arrays of the patch file under their new names, and for the heatmap those of its output layer.</summary>
    private static void AssertKept(KerasFile patch, WholeImagePlan plan)
    {
        foreach (var (name, weight) in plan.Weights)
            Assert.Same(patch.Weights[name.StartsWith("model_1/", StringComparison.Ordinal) ? name[8..] : name], weight);
        Assert.Equal(
            WeightPlan.Of(plan.Graph).Select(weight => weight.Name).Where(name => plan.Graph[name[..name.LastIndexOf('/')]].Role.IsFrozenFirst()).Order(),
            plan.Weights.Keys.Order());
    }

    /// <summary>With the head's weights of the file the model is the file's, bit for bit, and so predicts what it predicts.</summary>
    private static void AssertTakesTheFilesHead(KerasFile file, WholeImagePlan plan)
    {
        var head = file.Weights.Where(pair => !plan.Weights.ContainsKey(pair.Key));
        var weights = Initialization.Fill(plan.Graph, 1, plan.Weights.Concat(head).ToDictionary());
        Assert.Equal(file.Weights.Keys.Order(), weights.Keys.Order());
        Assert.All(file.Weights, pair => Assert.Equal(pair.Value.Shape, weights[pair.Key].Shape));
        Assert.All(file.Weights, pair => Assert.True(pair.Value.Values.AsSpan().SequenceEqual(weights[pair.Key].Values), pair.Key));
    }

    private static void AssertSameGraph(LayerGraph expected, LayerGraph actual)
    {
        Assert.Equal(expected.Layers.Select(Text), actual.Layers.Select(Text));
        Assert.Equal(expected.Outputs, actual.Outputs);

        // Keras keeps the penalty as float32.
        static string Text(Layer layer) => $"{layer.Name} {KindText(layer.Kind)} {string.Join(' ', layer.Inputs)} {layer.SharedWith}";

        static string KindText(LayerKind kind) => (kind switch
        {
            LayerKind.Conv2D conv => conv with { L2 = (float)conv.L2 },
            LayerKind.Dense dense => dense with { L2 = (float)dense.L2 },
            _ => kind,
        }).ToString();
    }

    private static JsonElement Spec(string model) =>
        JsonDocument.Parse(File.ReadAllText(Shared.Data("oracle", "models", "predictions.json"))).RootElement.GetProperty(model).GetProperty("spec");

    private static string Model(string name) => Shared.Data("oracle", "models", name + ".h5");
}
