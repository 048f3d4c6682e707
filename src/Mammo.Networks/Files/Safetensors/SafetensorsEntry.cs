using System.Collections.Immutable;

namespace Mammo.Networks.Files.Safetensors;

/// <summary>Where one tensor stands in a safetensors file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Element type as in the header (<c>F32</c>).</param>
/// <param name="Shape">Sizes.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">Byte after the last.</param>
internal sealed record SafetensorsEntry(string Name, string Type, ImmutableArray<int> Shape, long Begin, long End)
{
    /// <summary>Number of elements.</summary>
    public long Elements => Shape.Aggregate(1L, (product, size) => product * size);
}
