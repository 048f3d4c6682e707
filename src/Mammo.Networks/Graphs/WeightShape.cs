using System.Collections.Immutable;

namespace Mammo.Networks.Graphs;

/// <summary>Name and shape of one weight that a layer needs, in canonical layout.</summary>
/// <param name="Name">Path: layer, slash, Keras's word for the weight (<c>block1_conv1/kernel</c>).</param>
/// <param name="Shape">Canonical (torch's) shape.</param>
/// <param name="IsTrainable">False for moving statistics of batch norm.</param>
public sealed record WeightShape(string Name, ImmutableArray<int> Shape, bool IsTrainable)
{
    /// <summary>Number of values.</summary>
    public long Elements => Shape.Aggregate(1L, (product, size) => product * size);
}
