using System.Collections.Immutable;

namespace Mammo.Networks.Files.Keras;

/// <summary>The weights that a Keras file keeps for one layer of the outermost model.</summary>
/// <param name="Layer">The layer's name in the file.</param>
/// <param name="Weights">Its weights in the file's order, which is Keras's order within the layer; empty for layers without.</param>
public sealed record KerasLayerWeights(string Layer, ImmutableArray<KerasNamedWeight> Weights);
