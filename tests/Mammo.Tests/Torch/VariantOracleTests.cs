using Mammo.Networks.Files.Keras;
using Mammo.Networks.Graphs;
using Mammo.Networks.Graphs.Rewriting;
using Mammo.Networks.Models;
using Mammo.Tests.Networks.Files.Keras;
using Mammo.Torch;

using static TorchSharp.torch;

namespace Mammo.Tests.Torch;

/// <summary>Every tiny Keras model against the output that Keras computed.</summary>
public class VariantOracleTests
{
    public static TheoryData<string> Models { get; } = [.. KerasFileTests.VariantCases().Select(variant => variant.Model)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Float64_outputs_are_Keras_outputs(string model) => AssertClose(model, Precision.Float64, 1e-8);

    [Theory]
    [MemberData(nameof(Models))]
    public void Float32_outputs_are_Keras_outputs(string model) => AssertClose(model, Precision.Float32, 1e-5);

    [Theory]
    [MemberData(nameof(Models))]
    public void Outputs_in_the_form_for_inference_are_Keras_outputs(string model) => AssertClose(model, Precision.Float32, 1e-5, InferenceForm.Of);

    private static void AssertClose(
        string model, Precision precision, double tolerance, Func<LayerGraph, IReadOnlyDictionary<string, Weight>, bool, InferenceForm>? rewrite = null)
    {
        var variant = KerasFileTests.VariantCases().Single(candidate => candidate.Model == model);
        var file = KerasFile.Read(Shared.Data("oracle", "variants", model));
        var form = rewrite?.Invoke(file.Graph, file.Weights, false) ?? new InferenceForm(file.Graph, file.Weights);
        using var scope = NewDisposeScope();
        using var network = NetworkRuns.New(form.Graph, form.Weights, precision);
        var inputs = variant.Inputs.Select(name => NpyFile.Read(Shared.Data("oracle", "variants", name)))
            .Select(array => NetworkRuns.Input(network, array.Floats, [.. array.Shape.Select(size => (long)size)])).ToArray();
        var output = network.Forward(inputs, Pass.Inference)[0];
        var expected = NpyFile.Read(Shared.Data("oracle", "variants", variant.Expected));
        Assert.Equal(expected.Shape.Select(size => (long)size), Layout.ToKeras(output).shape);
        Assert.InRange(NetworkRuns.Distance(expected.Values, NetworkRuns.Values(output)), 0, tolerance);
    }
}
