using System.Collections.Immutable;

namespace Mammo.Networks.Files.Keras;

/// <summary>One array of a Keras file as it stands there.</summary>
/// <param name="Layer">Name of the layer of the outermost model that it belongs to.</param>
/// <param name="Name">The weight's name in the file (<c>conv1/kernel:0</c>).</param>
/// <param name="Shape">Sizes in Keras's layout.</param>
/// <param name="Values">Values in C order, rounded to float32.</param>
public sealed record KerasArray(string Layer, string Name, ImmutableArray<int> Shape, float[] Values);
