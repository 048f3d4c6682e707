using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Keras;

/// <summary>A layer that needs weights, seen from the group of weights that it belongs to in a Keras file.</summary>
/// <param name="Layer">The layer of the flattened graph.</param>
/// <param name="LocalPath">Path below the group: empty for a layer that has the group to itself, <c>block1_conv1</c> for one of the nested model <c>model_1</c>.</param>
/// <param name="Weights">The weights that it needs, in Keras's order.</param>
/// <param name="IsTrainable">False when the file says that it was frozen.</param>
internal sealed record KerasLeaf(Layer Layer, string LocalPath, ImmutableArray<WeightShape> Weights, bool IsTrainable)
{
    /// <summary>The layer's own name, without the models around it.</summary>
    public string LocalName => LocalPath[(LocalPath.LastIndexOf('/') + 1)..];
}
