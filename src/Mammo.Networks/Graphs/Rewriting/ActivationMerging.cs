namespace Mammo.Networks.Graphs.Rewriting;

/// <summary>Makes an activation that follows a convolution or dense layer that layer's own.</summary>
internal static class ActivationMerging
{
    /// <summary>Merges where the layer is linear and nothing else takes its output.</summary>
    public static InferenceForm Apply(InferenceForm form)
    {
        var change = new GraphChange(form.Graph);
        foreach (var layer in form.Graph.Layers)
        {
            if (layer.Kind is not LayerKind.Activate { Activation: var activation } || !change.IsUsedOnce(layer.Inputs[0]))
                continue;
            var before = change.Current(layer.Inputs[0]);
            if (!AffineKinds.IsLinear(before.Kind))
                continue;
            change.Replace(before.Name, AffineKinds.WithActivation(before.Kind, activation));
            change.Absorb(layer.Name, before.Name);
        }

        return form with { Graph = change.Apply() };
    }
}
