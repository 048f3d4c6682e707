using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>Where a patch network is cut to become the base of a whole-image network.</summary>
/// <param name="Patch">The patch network with roles.</param>
/// <param name="Last">Last layer that is kept.</param>
/// <param name="Note">What the original program would have done instead; null when it is the same.</param>
internal sealed record PatchCut(LayerGraph Patch, Layer Last, string? Note)
{
    /// <summary>The patch classifier's output layer; null when it does not end in one.</summary>
    public Layer? OutputDense { get; } = Patch.Layers.LastOrDefault(layer => layer is { Kind: LayerKind.Dense, Role: LayerRole.PatchHead });

    /// <summary>The image input of the patch network.</summary>
    public Layer Input { get; } = Patch[Patch.Inputs[0]];

    /// <summary>Finds the last feature map by role, or the layer that the user names.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelOptionConflict"/>: not a patch classifier, or no such layer.</exception>
    public static PatchCut Find(LayerGraph network, string? cutLayer)
    {
        ArgumentNullException.ThrowIfNull(network);
        var patch = LayerRoles.Infer(network);
        OptionRules.Require(
            patch.Inputs.Length == 1 && patch.Outputs.Length == 1,
            $"Network '{patch.Name}' has {patch.Inputs.Length} inputs and {patch.Outputs.Length} outputs; a patch classifier has one of each.");
        var last = cutLayer is null ? LastFeatureMap(patch) : Named(patch, cutLayer);
        OptionRules.Require(
            ShapeInference.Infer(patch)[last.Name] is { Rank: 3, Channels: not null } && last.Kind is not LayerKind.Input,
            $"CutLayer '{last.Name}' ({last.Kind.KerasName}) of network '{patch.Name}' does not give a feature map (rows, columns, channels).");
        return new PatchCut(patch, last, cutLayer is null ? NoteOnOriginal(patch, last) : null);
    }

    private static Layer LastFeatureMap(LayerGraph patch)
    {
        OptionRules.Require(
            patch[patch.Outputs[0]].Role == LayerRole.PatchHead,
            $"Network '{patch.Name}' does not end as a patch classifier does (pool, dense): its last feature map cannot be found.",
            "Name the last layer to keep with CutLayer.");
        var layer = patch[patch.Outputs[0]];
        while (layer.Role == LayerRole.PatchHead)
            layer = patch[layer.Inputs[0]];
        return layer;
    }

    private static Layer Named(LayerGraph patch, string cutLayer)
    {
        OptionRules.Require(
            patch.Contains(cutLayer),
            $"CutLayer '{cutLayer}' is not a layer of network '{patch.Name}'.",
            $"Take one of its layers, such as '{patch.Layers[^2].Name}'; the model's Layers lists them.");
        return patch[cutLayer];
    }

    /// <summary>
    /// The original picks the layer by its index from the end, which assumes a dropout layer in the head: 5 for ResNet50 with its extra pool, 3 for
    /// YaroslavNet, else 4.
    /// </summary>
    private static string? NoteOnOriginal(LayerGraph patch, Layer last)
    {
        var isYaroslav = patch[patch.Inputs[0]].Kind is LayerKind.Input { Shape.Channels: 1 };
        var hasPool = patch.Layers.Any(layer => layer is { Kind: LayerKind.AveragePooling2D, Role: LayerRole.PatchHead });
        var fromEnd = isYaroslav ? 3 : hasPool ? 5 : 4;
        if (patch.Layers.Length <= fromEnd || patch.Layers[^fromEnd].Name == last.Name)
            return null;
        var original = patch.Layers[^fromEnd].Name;
        return $"The patch network is cut after '{last.Name}', its last feature map. The original program counts {fromEnd} layers from the end, as if "
            + "the head had "
            + $"{(isYaroslav ? "no" : "a")} dropout layer, and would cut after '{original}'; CutLayer '{original}' does the same.";
    }
}
