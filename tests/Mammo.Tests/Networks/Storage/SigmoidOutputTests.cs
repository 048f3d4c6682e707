using Mammo.Networks.Files.Keras;
using Mammo.Networks.Graphs;
using Mammo.Networks.Storage;
using Mammo.Tests.Networks.Files.Keras;
using Mammo.Tests.Torch;

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

    private static KerasBuilt Built(string activation, bool useBias)
    {
        (string, object)[] weights = [
            ("dense/kernel:0", new float[,] { { 0.75f }, { -1.5f } }),
            .. useBias ? [("dense/bias:0", new float[] { 0.25f })] : Array.Empty<(string, object)>()];
        return new KerasBuilt().Input(2, 2, 2).Add("GlobalAveragePooling2D", "pool")
            .Add("Dense", "dense", new { units = 1, activation, use_bias = useBias }, weights);
    }
}
