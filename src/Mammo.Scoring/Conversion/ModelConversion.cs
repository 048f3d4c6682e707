using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Mammo.Networks.Files;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Networks.Storage;
using Mammo.Scoring.Prediction;

namespace Mammo.Scoring.Conversion;

/// <summary>Converts model files to safetensors and verifies the outcome from the files.</summary>
public static class ModelConversion
{
    /// <summary>Converts a file, then reads both files again and compares them.</summary>
    /// <param name="source">Any file that <see cref="ModelFiles.Import"/> reads.</param>
    /// <param name="target">The safetensors file to write.</param>
    /// <param name="force">Replace a file that is there.</param>
    /// <param name="format">Precision of the kernels.</param>
    /// <param name="expected">Known outputs; null when there are none.</param>
    /// <param name="complete">Adds to the card what the file does not say; null for nothing.</param>
    /// <param name="activation">What makes probabilities of the outputs where the network's last layer does not; null where nobody says.</param>
    /// <exception cref="MammoException">
    /// As <see cref="ModelFiles.Import"/>, <see cref="ModelFiles.Export"/> and <see cref="OutputActivations.Add"/>.
    /// </exception>
    public static ModelConversionReport Convert(
        string source, string target, bool force = false, WeightFormat format = WeightFormat.Float32, ExpectedOutputs? expected = null,
        Func<ModelCard, ModelCard>? complete = null, OutputActivation? activation = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        AtomicFile.CheckFree(target, force && Path.GetFullPath(source) != Path.GetFullPath(target));
        using (var model = With(ModelFiles.Import(source).Model, activation))
            ModelFiles.Export(complete is null ? model : model.WithCard(complete(model.Card)), target, force, format);
        return Compare(source, target, expected, activation);
    }

    /// <summary>Compares two model files: network node by node, weights layer by layer, and the second one's outputs where they are known.</summary>
    /// <param name="source">The first file.</param>
    /// <param name="target">The second file.</param>
    /// <param name="expected">Known outputs; null when there are none.</param>
    /// <param name="activation">What makes probabilities of the first one's outputs, as above.</param>
    /// <exception cref="MammoException">As <see cref="ModelFiles.Import"/> and <see cref="OutputActivations.Add"/>.</exception>
    public static ModelConversionReport Compare(string source, string target, ExpectedOutputs? expected = null, OutputActivation? activation = null)
    {
        var (original, stored) = (ModelFiles.Import(source), ModelFiles.Import(target));
        using var originalModel = With(original.Model, activation);
        using var model = stored.Model;
        return new ModelConversionReport
        {
            Source = Path.GetFileName(source),
            SourceHash = ContentHash.Sha256(source),
            Target = Path.GetFileName(target),
            TargetHash = ContentHash.Sha256(target),
            WeightHash = WeightHash.Of(model.Weights),
            Architecture = model.Card.Architecture,
            Layers = [.. Layers(originalModel, model)],
            Nodes = originalModel.Graph.Layers.Length,
            GraphDifferences = [.. GraphDifferences(originalModel.Graph, model.Graph)],
            OutputsCompared = expected?.Values.Count ?? 0,
            MaxOutputDifference = expected is null ? null : MaxDifference(expected.Values, expected.Run(model)),
            Notes = [.. original.Notes, .. stored.Notes],
        };
    }

    private static MammoModel With(MammoModel model, OutputActivation? activation) =>
        activation is { } added ? OutputActivations.Add(model, added) : model;

    private static IEnumerable<LayerComparison> Layers(MammoModel original, MammoModel stored)
    {
        var shapes = ShapeInference.Infer(original.Graph);
        foreach (var layer in original.Graph.Layers.Where(layer => layer.SharedWith is null && !layer.Inputs.IsEmpty))
        {
            var weights = WeightPlan.Of(layer, shapes[layer.Inputs[0]]).ToList();
            if (weights.Count == 0)
                continue;
            var difference = weights.Max(weight => MaxDifference(original, stored, weight.Name));
            yield return new LayerComparison(layer.Name, layer.Kind.KerasName, weights.Sum(weight => weight.Elements), difference);
        }
    }

    private static double MaxDifference(MammoModel original, MammoModel stored, string name)
    {
        var values = original.Weights[name].Values;
        if (!stored.Weights.TryGetValue(name, out var other) || other.Values.Length != values.Length)
            return double.PositiveInfinity;
        var greatest = 0.0;
        for (var index = 0; index < values.Length; index++)
        {
            if (BitConverter.SingleToUInt32Bits(values[index]) != BitConverter.SingleToUInt32Bits(other.Values[index]))
                greatest = Math.Max(greatest, Difference(values[index], other.Values[index]));
        }

        return greatest;
    }

    private static double MaxDifference(IReadOnlyList<double> expected, IReadOnlyList<double> found) =>
        expected.Count != found.Count ? double.PositiveInfinity : expected.Zip(found, Difference).DefaultIfEmpty(0).Max();

    private static double Difference(double left, double right)
    {
        var difference = Math.Abs(left - right);
        return double.IsNaN(difference) ? double.PositiveInfinity : difference;
    }

    private static IEnumerable<string> GraphDifferences(LayerGraph original, LayerGraph stored)
    {
        if (original.Name != stored.Name)
            yield return $"the networks are named '{original.Name}' and '{stored.Name}'";
        foreach (var layer in original.Layers)
        {
            if (!stored.Contains(layer.Name))
                yield return $"layer '{layer.Name}' is missing";
            else if (GraphJson.Write(layer) is var left && GraphJson.Write(stored[layer.Name]) is var right && left != right)
                yield return $"layer '{layer.Name}' was {left} and is {right}";
        }

        foreach (var layer in stored.Layers.Where(layer => !original.Contains(layer.Name)))
            yield return $"layer '{layer.Name}' is new";
        if (!Names(original).Where(stored.Contains).SequenceEqual(Names(stored).Where(original.Contains)))
            yield return "the layers are in another order";
        if (!original.Outputs.SequenceEqual(stored.Outputs))
            yield return $"the outputs were [{string.Join(", ", original.Outputs)}] and are [{string.Join(", ", stored.Outputs)}]";

        static IEnumerable<string> Names(LayerGraph graph) => graph.Layers.Select(layer => layer.Name);
    }
}
