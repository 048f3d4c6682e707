using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Keras;

/// <summary>One weight of a Keras file.</summary>
/// <param name="Name">Its name in the file (<c>conv1/kernel:0</c>; of Keras 1 <c>conv1_W_1:0</c>).</param>
/// <param name="Word">Keras 2's word for it (<c>kernel</c>); null when the name tells none.</param>
/// <param name="Weight">Its values in canonical layout.</param>
public sealed record KerasNamedWeight(string Name, string? Word, Weight Weight);
