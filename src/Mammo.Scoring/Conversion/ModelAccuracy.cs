using System.Collections.Immutable;
using Mammo.Data.Dicom;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring.Engines;
using Mammo.Scoring.Managed;

namespace Mammo.Scoring.Conversion;

/// <summary>How exactly Mammo's engine computes a model, layer by layer.</summary>
public static class ModelAccuracy
{
    /// <summary>
    /// Runs images through Mammo's engine (float32) and through libtorch in float64 and compares the output of every layer. All outputs of one image are in
    /// memory meanwhile.
    /// </summary>
    /// <param name="model">The model; its card says how images are prepared.</param>
    /// <param name="images">Files of images, prepared as for prediction; at least one.</param>
    /// <param name="dicom">How DICOM files are read.</param>
    /// <param name="cancellation">Ends the work between two layers.</param>
    /// <returns>Every layer that is computed, in the order of the network; over all values of all images.</returns>
    /// <exception cref="MammoException">
    /// As <see cref="ImageReader"/> for the images; <see cref="ErrorIds.ModelLayerUnsupported"/>: Mammo's engine does not run the network;
    /// <see cref="ErrorIds.TorchUnavailable"/>; <see cref="ErrorIds.NetworkTooLarge"/>.
    /// </exception>
    public static ImmutableArray<LayerAccuracy> Measure(
        MammoModel model, IReadOnlyList<string> images, DicomOptions dicom, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        var options = new PredictorOptions();
        var preparation = ModelPreparation.For(model, options.Preparation).Preparation;
        var reading = ModelDicom.For([model], dicom, options.Preparation);
        var graph = CentredInput.Of(model.Graph, preparation.FeaturewiseMean);
        if (ManagedEngine.Refusal(graph, model.Weights) is { } refusal)
            throw new MammoException(ErrorIds.ModelLayerUnsupported, $"Its layers cannot be compared: {refusal}.", "Leave the images out.", model.Name);
        using var engine = new ManagedEngine(graph, model.Weights, new ManagedOptions { SkipBackground = false, KeepsLayers = true });
        var outputs = new LayerOutputs(engine, graph);
        var sums = new Dictionary<string, DifferenceSum>(StringComparer.Ordinal);
        foreach (var path in images)
        {
            var plane = preparation.Apply(ImageReader.Read(path, dicom: reading)).Plane;
            ActivationMemory.Require(graph, new ImageSize(plane.Height, plane.Width), model.Name);
            var batch = new PlaneBatch(plane.Height, plane.Width, [plane.Values]);
            var found = outputs.Of(batch, cancellation);
            EngineFactory.Watch(graph, model.Weights, batch, Compare, cancellation);

            void Compare(string layer, long first, ReadOnlySpan<double> exact)
            {
                if (!found.TryGetValue(layer, out var values))
                    return;
                if (!sums.TryGetValue(layer, out var sum))
                    sums[layer] = sum = new DifferenceSum();
                sum.Add(values.AsSpan((int)first, exact.Length), exact);
                if (first + exact.Length == values.Length)
                    found.Remove(layer);
            }
        }

        return [.. graph.Layers.Where(layer => sums.ContainsKey(layer.Name)).Select(layer =>
            sums[layer.Name].Of(layer.Name, layer.Kind.KerasName, outputs.Tiles.GetValueOrDefault(layer.Name)))];
    }
}
