using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Data.Sweeps;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;

namespace Mammo.Scoring.Heatmaps;

/// <summary>The network that ends with a model's heatmap: the model itself, the part of it up to the heatmap, or one made of a patch classifier.</summary>
internal static class HeatmapNetwork
{
    /// <summary>Finds or makes it; the arrays of the weights are shared.</summary>
    /// <param name="model">A network with a heatmap, or a patch classifier.</param>
    /// <param name="options">For a patch classifier: size of the image, average pool and its step.</param>
    /// <param name="notes">What was decided, for people.</param>
    /// <returns>The model itself where it ends with its heatmap; otherwise a new one, the caller's to dispose of.</returns>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.HeatmapImpossible"/>: neither heatmap nor patch classifier, or options that have no place;
    /// <see cref="ErrorIds.ModelOptionConflict"/>: the pool is larger than the feature map.
    /// </exception>
    public static MammoModel Of(MammoModel model, HeatmapOptions options, out ImmutableArray<string> notes)
    {
        if (!model.Parts.IsEmpty)
            return OfEnsemble(model, options, out notes);
        if (HeatmapLayer.DenseOf(model.Graph) is not { } heatmap)
            return OfPatchClassifier(model, options, out notes);
        if (options.OfPatchClassifier.FirstOrDefault() is { } option)
            throw new MammoException(
                ErrorIds.HeatmapImpossible,
                $"'{model.Name}' has a heatmap already, so {option} cannot be chosen.",
                $"Leave out -{option}, or give the patch classifier that the model was made of.",
                model.Name);
        notes = [$"heatmap of layer '{heatmap.Name}'"];
        return model.Graph.Outputs is [var output] && output == heatmap.Name ? model : UpTo(heatmap, model);
    }

    // The mean of the parts' heatmaps, as one network again.
    private static MammoModel OfEnsemble(MammoModel model, HeatmapOptions options, out ImmutableArray<string> notes)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        var networks = Ensemble.Parts(model).Select(part =>
        {
            var network = Of(part, options, out var said);
            found.AddRange(said);
            return network;
        }).ToArray();
        notes = [FormattableString.Invariant($"mean of the heatmaps of {networks.Length} parts"), .. found.Distinct()];
        if ((ModelPreparation.FixedSize(networks[0].Graph) ?? options.Images.Preparation.ImageSize ?? networks[0].Card.ImageSize) is { } size)
            Geometry(model.Name, [.. networks.Select(network => network.Graph)], size);
        return Ensemble.Like(model, networks);
    }

    /// <summary>Where the positions of a heatmap lie: those of the network, or of all parts of an ensemble, which must be the same.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.HeatmapImpossible"/>: the parts have other positions.</exception>
    public static HeatmapGeometry Geometry(string model, IReadOnlyList<LayerGraph> networks, ImageSize size)
    {
        var layers = networks.Select(network => HeatmapLayer.Find(network, size)!).ToArray();
        return Array.TrueForAll(layers, layer => layer.Geometry == layers[0].Geometry && layer.ClassCount == layers[0].ClassCount)
            ? layers[0].Geometry
            : throw new MammoException(
                ErrorIds.HeatmapImpossible,
                $"The parts of '{model}' have heatmaps of different positions or classes, which have no mean.",
                "Make the heatmaps of its parts: Split-MammoModel.",
                model);
    }

    private static MammoModel UpTo(Layer heatmap, MammoModel model)
    {
        var graph = new LayerGraph(model.Graph.Name, KerasOrder.Sort(model.Graph.Layers, heatmap.Name), [heatmap.Name]);
        var weights = WeightPlan.Of(graph).Select(weight => KeyValuePair.Create(weight.Name, model.Weights[weight.Name]));

        // A head gives classes of its own, and then the card does not name those of the patches.
        var isHeadless = model.Graph.Layers.Any(
            layer => layer.Kind is LayerKind.TopKPooling2D && layer.Inputs[0] == heatmap.Name && model.Graph.Outputs.Contains(layer.Name));
        return new MammoModel(model.Name, graph, weights, isHeadless ? model.Card : model.Card with { Classes = [] });
    }

    private static MammoModel OfPatchClassifier(MammoModel model, HeatmapOptions options, out ImmutableArray<string> notes)
    {
        var patch = LayerRoles.Infer(model.Graph);
        if (patch[patch.Outputs[0]].Role != LayerRole.PatchHead)
        {
            throw new MammoException(
                ErrorIds.HeatmapImpossible,
                $"'{model.Name}' has no heatmap and is no patch classifier of which one could be made.",
                "Give a patch classifier, or a model that New-WholeImageModel made with -HeatmapOnly, -AddHeatmap or -HeatmapPooling TopK; "
                    + "-Kind GradCam takes any network.",
                model.Name);
        }

        var defaults = new WholeImageOptions();
        var size = options.Images.Preparation.ImageSize ?? defaults.ImageSize;
        var whole = defaults with
        {
            HeatmapOnly = true,
            ImageSize = size,
            AvgPoolSize = options.AvgPoolSize ?? defaults.AvgPoolSize,
            HeatmapStride = options.HeatmapStride ?? defaults.HeatmapStride,
        };
        var plan = WholeImageNetwork.Build(patch, model.Weights, whole);
        notes = [$"heatmap of the patch classifier's output layer behind an average pool of {whole.AvgPoolSize} at steps of {whole.HeatmapStride}, "
            + $"images of {size}", .. plan.Notes];
        return new MammoModel(model.Name, plan.Graph, plan.Weights, model.Card with { ImageSize = size });
    }
}
