using System.Collections.Immutable;

namespace Mammo.Networks.Graphs;

/// <summary>One weight array in canonical layout: convolutions (out, in, rows, columns), depthwise (in·multiplier, 1, rows, columns), dense (units, in).</summary>
/// <param name="Shape">Sizes; their product is the number of values.</param>
/// <param name="Values">The values in C order; float32 as Keras stores them. Treated as immutable.</param>
public sealed record Weight(ImmutableArray<int> Shape, float[] Values);
