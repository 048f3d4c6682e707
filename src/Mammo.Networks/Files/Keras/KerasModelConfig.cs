using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Keras;

/// <summary>
/// A model as a Keras file describes it: layers that are called, some of which are models themselves. Sequential models are described in the same words.
/// </summary>
/// <param name="Name">The model's name.</param>
/// <param name="Layers">Layers in Keras's order (by depth), which is also the order of the weights.</param>
/// <param name="Inputs">The tensors that the model takes.</param>
/// <param name="Outputs">The tensors that it returns.</param>
internal sealed record KerasModelConfig(
    string Name, ImmutableArray<KerasLayerConfig> Layers, ImmutableArray<KerasTensor> Inputs, ImmutableArray<KerasTensor> Outputs);

/// <summary>One layer of a Keras model with all its calls.</summary>
/// <param name="Name">Name within its model.</param>
/// <param name="Calls">The tensors that each call takes; an input layer has one call that takes none.</param>
internal sealed record KerasLayerConfig(string Name, ImmutableArray<ImmutableArray<KerasTensor>> Calls)
{
    /// <summary>What it does; null for a nested model.</summary>
    public LayerKind? Kind { get; init; }

    /// <summary>The nested model; null for plain layers.</summary>
    public KerasModelConfig? Model { get; init; }

    /// <summary>Keras's word for the kind, as the file writes it; empty for an operation, and an input that the file does not list.</summary>
    public string ClassName { get; init; } = "";

    /// <summary>Axis of a layer that must work on the channels, as the file counts it; null for other layers.</summary>
    public int? ChannelAxis { get; init; }

    /// <summary>True for a pool over whole planes whose output keeps rows and columns of size 1.</summary>
    public bool KeepsPlane { get; init; }

    /// <summary>Factor on the second of two inputs before they are added (InceptionResNetV2's residual blocks in Keras 3); null for other layers.</summary>
    public double? SecondScale { get; init; }

    /// <summary>False for layers saved while frozen; Keras then lists their weights among the last.</summary>
    public bool IsTrainable { get; init; } = true;
}

/// <summary>Output number <paramref name="Output"/> of call number <paramref name="Call"/> of a layer.</summary>
internal readonly record struct KerasTensor(string Layer, int Call, int Output);
