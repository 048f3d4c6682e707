using System.Collections.Immutable;

namespace Mammo.Networks.Files.Keras;

/// <summary>A model as a Keras file describes it: layers that are called, some of which are models themselves. Sequential models are told in the same words.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Layers">Layers in Keras's order (by depth), which is also the order of the weights.</param>
/// <param name="Inputs">The tensors that the model takes.</param>
/// <param name="Outputs">The tensors that it returns.</param>
internal sealed record KerasModelConfig(string Name, ImmutableArray<KerasLayerConfig> Layers, ImmutableArray<KerasTensor> Inputs, ImmutableArray<KerasTensor> Outputs);
