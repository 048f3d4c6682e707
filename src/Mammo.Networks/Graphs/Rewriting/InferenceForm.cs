using System.Collections.Immutable;

namespace Mammo.Networks.Graphs.Rewriting;

/// <summary>A network and its weights as they are run, not trained: the same function up to float32 rounding, with fewer layers.</summary>
/// <param name="Graph">
/// The rewritten network; no layer shares weights with another. Where an output's own layer was folded, the layer that took it in is in its place.
/// </param>
/// <param name="Weights">
/// Weights by path name; arrays that were not rewritten are those of the model, not copies. Rewritten ones are computed each time they are asked for.
/// </param>
/// <remarks>Rewritten weights are rounded to float32, so float64 inference runs the original network instead.</remarks>
internal sealed record InferenceForm(LayerGraph Graph, IReadOnlyDictionary<string, Weight> Weights)
{
    /// <summary>Drops dropout, folds batch normalisation into the layer before it and gives convolutions the activation that follows them.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="equalPlanes">
    /// All channels of an input are given the same plane (but for inputs of two channels): where the network allows it, the first convolution's kernel is
    /// summed over its input channels, and the input has one channel.
    /// </param>
    public static InferenceForm Of(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, bool equalPlanes = false)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(weights);
        var form = new InferenceForm(graph, weights).Unshared().WithoutIdentities();
        form = ActivationMerging.Apply(BatchNormFolding.Apply(form));
        return equalPlanes ? EqualPlanes.Apply(form) : form;
    }

    /// <summary>Gives every call of a shared layer its own names for the same arrays, so that each call can be rewritten by what surrounds it.</summary>
    private InferenceForm Unshared()
    {
        if (Graph.Layers.All(layer => layer.SharedWith is null))
            return this;
        var shapes = ShapeInference.Infer(Graph);
        var weights = new Dictionary<string, Weight>(Weights, StringComparer.Ordinal);
        foreach (var layer in Graph.Layers.Where(layer => layer.SharedWith is not null))
        {
            foreach (var shape in WeightPlan.Of(layer, shapes[layer.Inputs[0]]))
                weights[shape.Name] = Weights[string.Concat(layer.SharedWith, shape.Name.AsSpan(layer.Name.Length))];
        }

        return new InferenceForm(new LayerGraph(Graph.Name, [.. Graph.Layers.Select(layer => layer with { SharedWith = null })], Graph.Outputs), weights);
    }

    /// <summary>Without dropout and linear activations; as an output such a layer stays, as an identity, so that no two outputs become one.</summary>
    private InferenceForm WithoutIdentities()
    {
        var change = new GraphChange(Graph);
        foreach (var layer in Graph.Layers.Where(layer => layer.Kind is LayerKind.Dropout or LayerKind.Activate { Activation: Activation.Linear }))
        {
            if (Graph.Outputs.Contains(layer.Name))
                change.Replace(layer.Name, new LayerKind.Activate(Activation.Linear));
            else
                change.Absorb(layer.Name, layer.Inputs[0]);
        }

        return this with { Graph = change.Apply() };
    }
}
