using System.Collections.Immutable;
using Mammo.Networks.Files.Keras;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>Weights of a patch network's body that were trained elsewhere, mostly on ImageNet.</summary>
/// <param name="Weights">Weights of all layers before the patch head, by our names.</param>
/// <param name="Source">Where they come from, for the card.</param>
/// <param name="Notes">What a user should know.</param>
public sealed record PretrainedWeights(IReadOnlyDictionary<string, Weight> Weights, string Source, ImmutableArray<string> Notes)
{
    /// <summary>Reads a Keras "notop" file (HDF5), or a torchvision checkpoint that was saved as safetensors, for vgg16, vgg19 and resnet50_torchvision. The content tells which it is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The patch network that the weights are for.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelFileInvalid"/>: neither; <see cref="ErrorIds.ModelWeightMismatch"/>: weights of another network; <see cref="ErrorIds.ModelOptionConflict"/>: the network is narrower than published ones.
    /// </exception>
    public static PretrainedWeights Read(string path, PatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionRules.Require(
            options.WidthMultiplier == 1,
            $"WidthMultiplier {options.WidthMultiplier} makes a narrower network than the one that pretrained weights are for.",
            "Use WidthMultiplier 1, or start a narrow network from a seed.");
        var graph = PatchNetwork.Build(options);
        return FromKeras(path, graph);
    }

    private static PretrainedWeights FromKeras(string path, LayerGraph graph)
    {
        var (weights, note) = KerasBody.Map(graph, KerasWeights.ReadLayers(path), path);
        return new PretrainedWeights(weights, $"Keras file '{Path.GetFileName(path)}'", note is null ? [] : [note]);
    }
}
