namespace Mammo.Networks.Graphs.Rewriting;

/// <summary>Makes a network for grey images, whose input channels all hold the same plane, take that plane once.</summary>
/// <remarks>
/// Σ_c (k_c * x) = (Σ_c k_c) * x: one third of the first convolution's work and of the input's memory, exact up to the rounding of the summed kernel
/// (float64 sum, float32 store).
/// </remarks>
internal static class EqualPlanes
{
    /// <summary>
    /// Rewrites each input of three or more channels whose planes stay equal up to the first convolutions; other inputs stay as they are. The planes of two
    /// channels may differ: z-score and local contrast.
    /// </summary>
    public static InferenceForm Apply(InferenceForm form)
    {
        var change = new GraphChange(form.Graph);
        var weights = new ComputedWeights(form.Weights);
        foreach (var layer in form.Graph.Layers)
        {
            if (layer.Kind is not LayerKind.Input { Shape: { Rank: 3, Channels: > 2 } shape } || FirstMixers(form.Graph, layer) is not { } mixers)
                continue;
            change.Replace(layer.Name, new LayerKind.Input(TensorShape.Of(shape.Sizes[0], shape.Sizes[1], 1)));
            foreach (var mixer in mixers)
                Reduce(change, weights, mixer, shape.Channels!.Value);
        }

        return new InferenceForm(change.Apply(), weights);
    }

    /// <summary>The first layers after the input that treat channels differently; null when one of them cannot be rewritten.</summary>
    private static List<Layer>? FirstMixers(LayerGraph graph, Layer input)
    {
        var equal = new HashSet<string>(StringComparer.Ordinal) { input.Name };
        var mixers = new List<Layer>();
        foreach (var layer in graph.Layers.Where(layer => layer.Inputs.Any(equal.Contains)))
        {
            if (KeepsPlanesEqual(layer.Kind))
                equal.Add(layer.Name);
            else if (layer.Kind is LayerKind.Conv2D { Groups: null } or LayerKind.Dense or LayerKind.SeparableConv2D or LayerKind.DepthwiseConv2D)
                mixers.Add(layer);
            else
                return null;
        }

        return graph.Outputs.Any(equal.Contains) ? null : mixers;
    }

    private static bool KeepsPlanesEqual(LayerKind kind) => kind
        is LayerKind.ZeroPadding2D
        or LayerKind.Cropping2D
        or LayerKind.UpSampling2D
        or LayerKind.MaxPooling2D
        or LayerKind.AveragePooling2D
        or LayerKind.LeakyRelu
        or LayerKind.Rescaling { Scale.Length: 1, Offset.Length: 1 }
        or LayerKind.Activate { Activation: not Activation.Softmax };

    private static void Reduce(GraphChange change, ComputedWeights weights, Layer mixer, int channels)
    {
        switch (mixer.Kind)
        {
            // A depthwise kernel is kept as it is: (channels · multiplier) filters over one plane instead of multiplier filters over each of the channels.
            case LayerKind.SeparableConv2D conv:
                change.Replace(mixer.Name, conv with { DepthMultiplier = conv.DepthMultiplier * channels });
                break;
            case LayerKind.DepthwiseConv2D conv:
                change.Replace(mixer.Name, conv with { DepthMultiplier = conv.DepthMultiplier * channels });
                break;
            default:
                weights.Rewrite($"{mixer.Name}/kernel", Summed);
                break;
        }
    }

    private static Weight Summed(Weight kernel)
    {
        var (filters, channels) = (kernel.Shape[0], kernel.Shape[1]);
        var area = kernel.Values.Length / (filters * channels);
        var sums = new float[filters * area];
        for (var index = 0; index < sums.Length; index++)
        {
            var start = (index / area * channels * area) + (index % area);
            var sum = 0.0;
            for (var channel = 0; channel < channels; channel++)
                sum += kernel.Values[start + (channel * area)];
            sums[index] = (float)sum;
        }

        return new Weight(kernel.Shape.SetItem(1, 1), sums);
    }
}
