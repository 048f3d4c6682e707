using Mammo.Networks.Files.Keras;
using Mammo.Networks.Graphs;
using Mammo.Networks.Storage;
using Mammo.Tests.Networks.Files.Keras;
using Mammo.Tests.Scoring.Engines;
using Mammo.Tests.Torch;
using Mammo.Tests.Torch.Training;
using Mammo.Torch.Training.Runs;

namespace Mammo.Tests.Networks.Storage;

/// <summary>Networks of one sigmoid output, as many of two classes are made in Keras.</summary>
public sealed class SigmoidOutputTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void One_output_becomes_two_with_the_same_probability(bool isOwn, bool useBias)
    {
        var built = Built(isOwn ? "sigmoid" : "linear", useBias);
        var path = (isOwn ? built : built.Add("Activation", "p", new { activation = "sigmoid" })).Write();
        var file = KerasFile.Read(path);
        var imported = ModelFiles.Import(path);
        using var model = imported.Model;
        Assert.Contains("sigmoid", Assert.Single(imported.Notes), StringComparison.Ordinal);
        Assert.Equal(file.Graph.Layers.Select(layer => (layer.Name, layer.Role)), model.Graph.Layers.Select(layer => (layer.Name, layer.Role)));
        float[] values = [0.5f, -2, 1, 3, 0, 0, -1, 8];
        var before = NetworkRuns.Infer(file.Graph, file.Weights, values, [1, 2, 2, 2]);
        var after = NetworkRuns.Infer(model.Graph, model.Weights, values, [1, 2, 2, 2]);
        Assert.Equal(before[0], after[1], 1e-12);
        Assert.Equal(1 - before[0], after[0], 1e-12);
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("tanh")]
    public void Other_outputs_stay_as_they_are(string activation)
    {
        var imported = ModelFiles.Import(Built(activation, useBias: true).Write());
        using var model = imported.Model;
        Assert.Empty(imported.Notes);
        Assert.Equal(1, ((LayerKind.Dense)model.Graph["dense"].Kind).Units);
    }

    [Fact]
    public void It_is_fine_tuned_and_written_in_both_formats()
    {
        var folder = Shared.NewFolder();
        var path = new KerasBuilt().Input(64, 48, 3).Add("Conv2D", "conv", KerasBuilt.ConvOptions(4), ("conv/kernel:0", KerasBuilt.Ramp(1, 1, 3, 4)))
            .Add("GlobalAveragePooling2D", "pool")
            .Add("Dense", "dense", new { units = 1, activation = "sigmoid" }, ("dense/kernel:0", new float[4, 1]), ("dense/bias:0", new float[1])).Write();
        using var model = ModelFiles.Import(path).Model;
        var before = model.Weights["dense/kernel"].Values.ToArray();
        var schedule = TinyTraining.Schedule with { Epoch = 1, AllLayerEpoch = 0 };
        var result = new Trainer(model, TinyTraining.Options).Train(
            TinyTraining.Stages(model, schedule), TinyTraining.Data(folder), TestContext.Current.CancellationToken);
        Assert.Single(result.Epochs);
        Assert.NotEqual(before, model.Weights["dense/kernel"].Values);
        Assert.Equal(["neg", "pos"], model.Card.Classes);

        ModelFiles.Export(model, Path.Combine(folder, "m.safetensors"));
        using var again = ModelFiles.Import(Path.Combine(folder, "m.safetensors")).Model;
        float[] film = [.. Enumerable.Range(0, 64 * 48 * 3).Select(index => index % 7)];
        var scores = NetworkRuns.Infer(model.Graph, model.Weights, film, [1, 64, 48, 3]);
        Assert.Equal(1, scores.Sum(), 1e-6);
        Assert.Equal(scores, NetworkRuns.Infer(again.Graph, again.Weights, film, [1, 64, 48, 3]), (left, right) => Math.Abs(left - right) <= 1e-6);
        var onnx = OnnxRunner.Run(model.Graph, model.Weights, [new Values([1, 64, 48, 3], Array.ConvertAll(film, value => (double)value))]);
        Assert.Equal(scores, onnx.Items, (left, right) => Math.Abs(left - right) <= 1e-6);
    }

    private static KerasBuilt Built(string activation, bool useBias)
    {
        (string, object)[] weights = [
            ("dense/kernel:0", new float[,] { { 0.75f }, { -1.5f } }),
            .. useBias ? [("dense/bias:0", new float[] { 0.25f })] : Array.Empty<(string, object)>()];
        return new KerasBuilt().Input(2, 2, 2).Add("GlobalAveragePooling2D", "pool")
            .Add("Dense", "dense", new { units = 1, activation, use_bias = useBias }, weights);
    }
}
