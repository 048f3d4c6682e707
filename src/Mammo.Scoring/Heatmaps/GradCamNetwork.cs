using Mammo.Networks.Graphs;
using Mammo.Networks.Models;

namespace Mammo.Scoring.Heatmaps;

/// <summary>What Grad-CAM runs of a model: its network up to the scores before softmax or sigmoid, and the layer whose maps are weighted.</summary>
/// <param name="Graph">The network.</param>
/// <param name="Weights">Its weights: the model's, but for the first class of a model that was made with one sigmoid.</param>
/// <param name="Layer">Name of the layer.</param>
internal sealed record GradCamNetwork(LayerGraph Graph, IReadOnlyDictionary<string, Weight> Weights, string Layer)
{
    private const int Shown = 5;

    /// <summary>Finds them.</summary>
    /// <param name="model">A network that gives a score for each class.</param>
    /// <param name="layer">Name of the layer; null for the last one that convolves, with its activation.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.HeatmapImpossible"/>: no such layer, no maps, or no scores.</exception>
    public static GradCamNetwork Of(MammoModel model, string? layer)
    {
        var graph = model.Graph;
        var shapes = ShapeInference.Infer(graph);
        var output = graph[graph.Outputs[0]];
        if (graph.Outputs.Length != 1 || shapes[output.Name] is not { Rank: 1 } scores || scores.Sizes[0] != model.Classes.Length)
        {
            throw Impossible(
                model,
                $"'{model.Name}' gives no score for each of its classes, whose gradient Grad-CAM takes.",
                "Use -Kind Forward for a network that ends with a heatmap.");
        }

        var used = Used(graph);
        Layer[] maps =
        [
            .. graph.Layers.Where(
                candidate => candidate.Kind is not LayerKind.Input && shapes[candidate.Name].Rank == 3 && used.Contains(candidate.Name)),
        ];
        if (maps.Length == 0)
            throw Impossible(model, $"No layer of '{model.Name}' has rows and columns.", "Give a convolutional network.");
        if (layer is not null && !Array.Exists(maps, candidate => candidate.Name == layer))
        {
            var last = string.Join(", ", maps.TakeLast(Shown).Select(candidate => $"'{candidate.Name}'"));
            throw Impossible(model, $"'{model.Name}' has no layer '{layer}' with rows and columns.", $"Give one of its layers; the last ones are {last}.");
        }

        var name = layer ?? (Array.FindLast(maps, IsFeature) ?? maps[^1]).Name;
        var changed = graph.Layers.Select(candidate => candidate.Name == output.Name ? candidate with { Kind = BeforeActivation(candidate.Kind) } : candidate);
        return new GradCamNetwork(new LayerGraph(graph.Name, [.. changed], graph.Outputs), TwoSided(model, output), name);
    }

    // Behind the last convolution there are often pools and dropout alone, which only make its maps coarser.
    private static bool IsFeature(Layer layer) => layer.Role != LayerRole.Heatmap && layer.Kind is not (
        LayerKind.MaxPooling2D or LayerKind.AveragePooling2D or LayerKind.Dropout or LayerKind.ZeroPadding2D or LayerKind.Cropping2D or LayerKind.Reshape);

    // The source takes the gradient "of the score for class c, before the softmax": behind it the classes' scores move one another.
    private static LayerKind BeforeActivation(LayerKind kind) => kind switch
    {
        LayerKind.Dense { Activation: Activation.Softmax or Activation.Sigmoid } dense => dense with { Activation = Activation.Linear },
        LayerKind.Activate { Activation: Activation.Softmax or Activation.Sigmoid } => new LayerKind.Activate(Activation.Linear),
        _ => kind,
    };

    /// <summary>
    /// The weights with the score -z in place of 0 where the scores of two classes are 0 and z, as of a network with one sigmoid output: what speaks for the
    /// first class is what speaks against the second, and nothing has a gradient of 0.
    /// </summary>
    private static IReadOnlyDictionary<string, Weight> TwoSided(MammoModel model, Layer output)
    {
        var dense = output.Kind is LayerKind.Activate ? model.Graph[output.Inputs[0]] : output;
        string[] names = [.. model.Weights.Keys.Where(name => name.StartsWith(dense.Name + "/", StringComparison.Ordinal))];
        if (dense.Kind is not LayerKind.Dense { Units: 2 } || names.Length == 0 || !Array.TrueForAll(names, name => IsZero(First(model.Weights[name]))))
            return model.Weights;
        var changed = new Dictionary<string, Weight>(model.Weights, StringComparer.Ordinal);
        foreach (var name in names)
        {
            var second = changed[name].Values[First(changed[name]).Length..];
            changed[name] = changed[name] with { Values = [.. second.Select(value => -value), .. second] };
        }

        return changed;

        static ReadOnlySpan<float> First(Weight weight) => weight.Values.AsSpan(0, weight.Values.Length / 2);

        static bool IsZero(ReadOnlySpan<float> values) => values.IndexOfAnyExcept(0f) < 0;
    }

    private static HashSet<string> Used(LayerGraph graph)
    {
        var used = new HashSet<string>(graph.Outputs, StringComparer.Ordinal);
        foreach (var layer in graph.Layers.Reverse().Where(layer => used.Contains(layer.Name)))
            used.UnionWith(layer.Inputs);
        return used;
    }

    private static MammoException Impossible(MammoModel model, string what, string fix) => new(ErrorIds.HeatmapImpossible, what, fix, model.Name);
}
