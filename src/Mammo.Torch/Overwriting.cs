using System.Collections.Frozen;
using Mammo.Networks.Graphs;

namespace Mammo.Torch;

/// <summary>Which layers may leave their output in the memory of an input: large planes then need not be allocated, and paged in, twice.</summary>
internal sealed class Overwriting
{
    private readonly FrozenSet<string> _always;
    private readonly FrozenSet<string> _inInference;

    /// <summary>Finds the outputs of a graph that one layer alone uses.</summary>
    public Overwriting(LayerGraph graph)
    {
        var uses = graph.Layers.SelectMany(layer => layer.Inputs).Concat(graph.Outputs).ToLookup(name => name, StringComparer.Ordinal);
        var usedOnce = graph.Layers.Where(layer => uses[layer.Name].Count() == 1).ToArray();
        _always = usedOnce.Where(IsForgotten).Select(layer => layer.Name).ToFrozenSet(StringComparer.Ordinal);
        _inInference = usedOnce.Where(IsOwned).Select(layer => layer.Name).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Position of the input that the layer may overwrite; null when there is none.</summary>
    /// <param name="layer">The layer that is to run.</param>
    /// <param name="isTraining">Gradients may be asked for.</param>
    /// <param name="isFree">Nothing outside the network wants the layer's output.</param>
    public int? Overwritten(Layer layer, bool isTraining, Func<string, bool> isFree)
    {
        if (layer.Kind is not (LayerKind.Add or LayerKind.Activate))
            return null;
        var mayBe = isTraining ? _always : _inInference;
        var position = layer.Inputs.IndexOf(layer.Inputs.FirstOrDefault(name => mayBe.Contains(name) && isFree(name), string.Empty));
        return position < 0 ? null : position;
    }

    // Their gradients are computed from inputs, not from this output.
    private static bool IsForgotten(Layer layer) => layer.Kind switch
    {
        LayerKind.Conv2D { Activation: Activation.Linear } => true,
        LayerKind.SeparableConv2D { Activation: Activation.Linear } => true,
        LayerKind.DepthwiseConv2D { Activation: Activation.Linear } => true,
        LayerKind.Dense { Activation: Activation.Linear } => true,
        LayerKind.BatchNormalization => true,
        LayerKind.Add => layer.Inputs.Length > 1,
        _ => false,
    };

    // Their output is memory of its own, not a view of their input.
    private static bool IsOwned(Layer layer) => IsForgotten(layer) || layer.Kind is
        LayerKind.Conv2D or LayerKind.SeparableConv2D or LayerKind.DepthwiseConv2D or LayerKind.MaxPooling2D or LayerKind.AveragePooling2D
        or LayerKind.Activate { Activation: Activation.Relu };
}
