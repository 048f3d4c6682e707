using Mammo.Networks.Files.Onnx;
using Mammo.Networks.Graphs;
using Mammo.Networks.Graphs.Rewriting;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;
using Mammo.Tests.Scoring.Engines;
using Mammo.Tests.Torch;
using Microsoft.ML.OnnxRuntime;

namespace Mammo.Tests.Networks.Files.Onnx;

public sealed class OnnxFileTests
{
    [Fact]
    public void Carries_producer_names_and_card()
    {
        using var model = Model(Small());
        var path = Path.Combine(Shared.NewFolder(), "model.onnx");
        OnnxFile.Write(model, path);

        using var session = new InferenceSession(path);

        var metadata = session.ModelMetadata;
        Assert.Equal(("Mammo", "test"), (metadata.ProducerName, metadata.GraphName));
        Assert.Equal("small", metadata.CustomMetadataMap["mammo.model"]);
        var card = CardJson.Read(metadata.CustomMetadataMap["mammo.card"]);
        Assert.Equal(["neg", "pos"], card.Classes);
        Assert.Equal(52.18, card.FeaturewiseMean);
        Assert.Equal(["in"], session.InputNames);
        Assert.Equal(["dense"], session.OutputNames);
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void Is_folded_unless_it_shall_not_and_gives_the_same_scores_both_ways()
    {
        // A batch norm that can be folded, one behind an activation that cannot, dropout, an activation of its own.
        var graph = new TestNetwork().Input("in", 12, 10, 3)
            .Then("conv", TestNetwork.Conv(4)).Then("norm", TestNetwork.Norm()).Then("relu", TestNetwork.Act(Activation.Relu))
            .Then("second", TestNetwork.Norm()).Then("drop", new LayerKind.Dropout(0.5)).Then("pool", new LayerKind.GlobalAveragePooling2D())
            .Then("dense", new LayerKind.Dense(2, true, Activation.Softmax)).Graph();
        using var model = new MammoModel("m", graph, TestNetwork.Weights(graph), new ModelCard());
        var input = Values.Random(5, 2, 12, 10, 3);
        var expected = NetworkRuns.Infer(graph, model.Weights, [.. input.Items.Select(value => (float)value)], [2, 12, 10, 3]);
        foreach (var (isUnfolded, norms, dropouts) in new[] { (false, 1, 0), (true, 2, 1) })
        {
            using var stream = new MemoryStream();
            OnnxFile.Write(model, stream, isUnfolded);
            using var session = new InferenceSession(stream.ToArray());
            Assert.InRange(NetworkRuns.Distance(expected, OnnxRunner.Run(session, ["in"], [input]).Items), 0, 1e-5);
            var text = System.Text.Encoding.Latin1.GetString(stream.ToArray());
            Assert.Equal(norms, text.Split("BatchNormalization").Length - 1);
            Assert.Equal(dropouts, text.Split("Identity").Length - 1);
        }
    }

    [Fact]
    public void Batch_and_open_sizes_are_dynamic_and_channels_come_first()
    {
        var graph = new TestNetwork().Input("in", null, 8, 3).Then("conv", TestNetwork.Conv(4)).Graph();
        using var session = new InferenceSession(OnnxFile.Bytes(new InferenceForm(graph, TestNetwork.Weights(graph))));
        Assert.Equal([-1, 3, -1, 8], session.InputMetadata["in"].Dimensions);
        Assert.Equal(["batch", "", "in_height", ""], session.InputMetadata["in"].SymbolicDimensions);
        Assert.Equal([-1, 4, -1, 8], session.OutputMetadata["conv"].Dimensions);
    }

    [Fact]
    public void Same_model_gives_the_same_bytes_in_file_and_stream()
    {
        using var first = Model(Small());
        using var second = Model(Small());
        var path = Path.Combine(Shared.NewFolder(), "model.onnx");
        File.WriteAllText(path, "an older file");
        OnnxFile.Write(first, path);
        using var stream = new MemoryStream();
        OnnxFile.Write(second, stream);
        Assert.Equal(stream.ToArray(), File.ReadAllBytes(path));
    }

    [Fact]
    public void Shared_weights_are_stored_once()
    {
        var once = new TestNetwork().Input("in", 8, 8, 16).Then("conv", TestNetwork.Conv(16)).Graph();
        var twice = new TestNetwork().Input("in", 8, 8, 16).Then("conv", TestNetwork.Conv(16)).Again("again", "conv").Graph();
        var growth = OnnxFile.Bytes(
            InferenceForm.Of(twice, TestNetwork.Weights(twice))).Length - OnnxFile.Bytes(InferenceForm.Of(once, TestNetwork.Weights(once))).Length;
        Assert.InRange(growth, 1, 400);
    }

    [Fact]
    public void Names_that_collide_with_inner_values_are_told_apart()
    {
        var graph = new TestNetwork().Input("in", 8, 8, 3).Then("conv/linear", TestNetwork.Conv(3)).Then("conv/kernel", TestNetwork.Conv(3))
            .Then("conv", TestNetwork.Conv(3, activation: Activation.Relu)).Graph();
        var weights = TestNetwork.Weights(graph);
        var renamed = new TestNetwork().Input("in", 8, 8, 3).Then("a", TestNetwork.Conv(3)).Then("b", TestNetwork.Conv(3))
            .Then("c", TestNetwork.Conv(3, activation: Activation.Relu)).Graph();
        Values[] input = [Values.Random(1, 1, 8, 8, 3)];
        Assert.Equal(OnnxRunner.Run(renamed, TestNetwork.Weights(renamed), input).Items, OnnxRunner.Run(graph, weights, input).Items);
    }

    [Fact]
    public void Inputs_and_repeated_layers_may_be_outputs()
    {
        var graph = new TestNetwork().Input("in", 4, 4, 1).Then("conv", TestNetwork.Conv(1)).Graph("in", "conv", "conv");
        using var session = new InferenceSession(OnnxFile.Bytes(new InferenceForm(graph, TestNetwork.Weights(graph))));
        Assert.Equal(3, session.OutputNames.Distinct().Count());
        Values[] input = [Values.Random(1, 1, 4, 4, 1)];
        Assert.Equal(Array.ConvertAll(input[0].Items, value => (double)(float)value), OnnxRunner.Run(session, ["in"], input).Items);
    }

    [Fact]
    public void Models_above_two_gigabytes_are_refused_before_anything_is_written()
    {
        // One untouched array in several shapes: its pages are never used.
        var zeros = new float[1 << 26];
        var network = new TestNetwork();
        var weights = new Dictionary<string, Weight>(StringComparer.Ordinal);
        for (var power = 8; power < 17; power++)
        {
            network.Input($"in{power}", 1 << power).Then($"dense{power}", new LayerKind.Dense(1 << (26 - power), false, Activation.Linear));
            weights[$"dense{power}/kernel"] = new Weight([1 << (26 - power), 1 << power], zeros);
        }

        using var model = new MammoModel("large", network.Graph(), weights, new ModelCard());
        var path = Path.Combine(Shared.NewFolder(), "model.onnx");
        Assert.Equal(ErrorIds.OnnxTooLarge, Assert.Throws<MammoException>(() => OnnxFile.Write(model, path)).ErrorId);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_gives_an_error_that_names_the_file()
    {
        using var model = Model(Small());
        var file = Path.Combine(Shared.NewFolder(), "file");
        File.WriteAllText(file, "");
        var path = Path.Combine(file, "model.onnx");
        var error = Assert.Throws<MammoException>(() => OnnxFile.Write(model, path));
        Assert.Equal((ErrorIds.FileNotWritten, path), (error.ErrorId, error.Target));
    }

    private static LayerGraph Small() => new TestNetwork().Input("in", 8, 8, 3).Then("conv", TestNetwork.Conv(4, useBias: false))
        .Then("norm", TestNetwork.Norm()).Then("flatten", new LayerKind.Flatten())
        .Then("dense", new LayerKind.Dense(2, true, Activation.Softmax)).Graph();

    private static MammoModel Model(LayerGraph graph) =>
        new("small", graph, TestNetwork.Weights(graph), new ModelCard { Classes = ["neg", "pos"], FeaturewiseMean = 52.18 });
}
