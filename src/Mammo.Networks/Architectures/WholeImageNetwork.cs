using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>Makes whole-image networks of patch networks: cut, put the body behind a fixed image input, add a head. The original's add_top_layers.</summary>
public static class WholeImageNetwork
{
    private const string BasePrefix = "model_1/";

    /// <summary>The network, and the weights it keeps.</summary>
    /// <param name="patch">A patch classifier, built here or read from a file.</param>
    /// <param name="patchWeights">Its weights; null for the network alone.</param>
    /// <param name="options">The head.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelOptionConflict"/>: options contradict each other, the image or the patch network; the message names them and the sizes.
    /// <see cref="ErrorIds.ModelWeightMismatch"/>: a weight of the kept layers is missing.
    /// </exception>
    public static WholeImagePlan Build(LayerGraph patch, IReadOnlyDictionary<string, Weight>? patchWeights, WholeImageOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        WholeImageRules.Check(options);
        var cut = PatchCut.Find(patch, options.CutLayer);
        var size = options.ImageSize;
        WholeImageRules.Check(options, cut, size);
        var builder = new GraphBuilder { Role = LayerRole.Base };
        var kept = KerasOrder.Sort(cut.Patch.Layers, cut.Last.Name);
        var x = Base(builder, kept, cut, size);
        builder.Role = LayerRole.Heatmap;
        Layer? heatmapDense = null;
        if (options.HasHeatmap)
        {
            x = TopLayers.Heatmap(x, (LayerKind.Dense)cut.OutputDense!.Kind, options);
            heatmapDense = cut.OutputDense;
        }

        builder.Role = LayerRole.Top;
        if (options.IsTopK)
            x = TopLayers.TopK(x, options);
        else if (!options.HeatmapOnly)
            x = options.AddConv ? TopLayers.Convolutional(x, options) : TopLayers.FullyConnected(x, options);
        var graph = builder.Build($"{cut.Patch.Name} + {options.HeadName}", x);
        var weights = patchWeights is null ? [] : Kept(cut.Patch, kept, heatmapDense, patchWeights);
        return new WholeImagePlan(graph, weights, cut.Last.Name, cut.Note is null ? [] : [cut.Note]);
    }

    /// <summary>The kept layers under the name of the nested model; its own input gives way to the whole image's.</summary>
    private static Node Base(GraphBuilder builder, IEnumerable<Layer> kept, PatchCut cut, ImageSize size)
    {
        var image = builder.Input(((LayerKind.Input)cut.Input.Kind).Shape.Channels!.Value, size);
        var last = image;
        foreach (var layer in kept.Where(layer => layer.Kind is not LayerKind.Input))
        {
            last = builder.Take(layer with
            {
                Name = BasePrefix + layer.Name,
                Inputs = [.. layer.Inputs.Select(name => name == cut.Input.Name ? image.Name : BasePrefix + name)],
                SharedWith = layer.SharedWith is { } owner ? BasePrefix + owner : null,
                Role = LayerRole.Base,
            });
        }

        return last;
    }

    private static Dictionary<string, Weight> Kept(LayerGraph patch, IEnumerable<Layer> kept, Layer? heatmapDense, IReadOnlyDictionary<string, Weight> weights)
    {
        var shapes = ShapeInference.Infer(patch);
        var result = new Dictionary<string, Weight>(StringComparer.Ordinal);
        foreach (var layer in kept.Where(layer => !layer.Inputs.IsEmpty && layer.SharedWith is null))
        {
            foreach (var wanted in WeightPlan.Of(layer, shapes[layer.Inputs[0]]))
                result[BasePrefix + wanted.Name] = Find(wanted.Name);
        }

        if (heatmapDense is not null)
        {
            // The head numbers its dense layers from 1, and the heatmap's is the first.
            foreach (var wanted in WeightPlan.Of(heatmapDense, shapes[heatmapDense.Inputs[0]]))
                result["dense_1" + wanted.Name[heatmapDense.Name.Length..]] = Find(wanted.Name);
        }

        return result;

        Weight Find(string name) => weights.TryGetValue(name, out var weight)
            ? weight
            : throw new MammoException(ErrorIds.ModelWeightMismatch, $"Weight '{name}' of patch network '{patch.Name}' is missing.", target: name);
    }
}

/// <summary>A whole-image network that was made of a patch network.</summary>
/// <param name="Graph">The network.</param>
/// <param name="Weights">
/// What it keeps of the patch network's weights, under their new names, the arrays shared: the body's and the heatmap's. Empty if none were given.
/// </param>
/// <param name="CutLayer">Last layer of the patch network that was kept.</param>
/// <param name="Notes">What a user should know about the conversion.</param>
public sealed record WholeImagePlan(LayerGraph Graph, IReadOnlyDictionary<string, Weight> Weights, string CutLayer, ImmutableArray<string> Notes);
