using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Keras;

/// <summary>One layer of a Keras model with all its calls.</summary>
/// <param name="Name">Name within its model.</param>
/// <param name="Calls">The tensors that each call takes; an input layer has one call that takes none.</param>
internal sealed record KerasLayerConfig(string Name, ImmutableArray<ImmutableArray<KerasTensor>> Calls)
{
    /// <summary>What it does; null for a nested model.</summary>
    public LayerKind? Kind { get; init; }

    /// <summary>The nested model; null for plain layers.</summary>
    public KerasModelConfig? Model { get; init; }

    /// <summary>Axis that batch norm works on, as the file counts it; null for other layers.</summary>
    public int? NormalizedAxis { get; init; }

    /// <summary>False for layers saved while frozen; Keras then lists their weights among the last.</summary>
    public bool IsTrainable { get; init; } = true;
}
