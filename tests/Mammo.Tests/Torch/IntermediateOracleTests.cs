using System.Collections.Frozen;
using System.Text.Json;
using Mammo.Networks.Graphs;
using Mammo.Torch;
using static TorchSharp.torch;

namespace Mammo.Tests.Torch;

/// <summary>The output of every layer of the original's models.</summary>
public class IntermediateOracleTests
{
    public static TheoryData<string> Models => ModelOracle.Names;

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_layer_has_the_recorded_output(string model)
    {
        var file = ModelOracle.Read(model);
        var (size, channels) = (ModelOracle.Size(model), ModelOracle.Channels(model));
        using var json = JsonDocument.Parse(File.ReadAllText(RecordPath(model)));
        using var scope = NewDisposeScope();
        using var _ = inference_mode();
        using var network = NetworkRuns.New(file.Graph, file.Weights);
        var input = NetworkRuns.Input(network, ModelOracle.Formula("formula_n0", size.Height, size.Width, channels), 1, size.Height, size.Width, channels);
        var outputs = network.Forward([input], Pass.Inference, file.Graph.Layers.Select(layer => layer.Name).ToFrozenSet());
        foreach (var record in json.RootElement.GetProperty("layers").EnumerateArray().Where(record => record.GetProperty("cls").GetString() != "InputLayer"))
            AssertRecorded(record, outputs[LayerName(file.Graph, record.GetProperty("layer").GetString()!)]);
    }

    private static void AssertRecorded(JsonElement record, Tensor output)
    {
        var keras = Layout.ToKeras(output).contiguous();
        Assert.Equal(record.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()), keras.shape);
        double[] actual = [
            keras.mean().item<double>(), keras.abs().mean().item<double>(), keras.max().item<double>(), keras.min().item<double>(), .. At(keras, record)];
        double[] expected = [
            Number("mean"), Number("abs_mean"), Number("max"), Number("min"), .. record.GetProperty("val").EnumerateArray().Select(value => value.GetDouble())];
        var distance = NetworkRuns.Distance(expected, actual);
        Assert.True(distance <= 1e-8, $"{record.GetProperty("layer")}: {distance}");

        double Number(string name) => record.GetProperty(name).GetDouble();
    }

    private static IEnumerable<double> At(Tensor keras, JsonElement record)
    {
        var values = keras.data<double>().ToArray();
        return record.GetProperty("idx").EnumerateArray().Select(index => values[index.GetInt32()]);
    }

    // A nested model's own record is the output of its last layer.
    private static string LayerName(LayerGraph graph, string recorded) =>
        graph.Contains(recorded) ? recorded : graph.Layers.Last(layer => layer.Name.StartsWith(recorded + "/", StringComparison.Ordinal)).Name;

    private static string RecordPath(string model) => Shared.Data("oracle", "models", "intermediate", model + ".json");
}
