namespace Mammo.Networks.Graphs.Rewriting;

/// <summary>Folds batch normalisation with fixed statistics into the convolution or dense layer before it.</summary>
/// <remarks>
/// With s = gamma / √(moving_variance + ε): kernel' = s · kernel, bias' = (bias − moving_mean) · s + beta, output channel by output channel
/// (Ioffe and Szegedy 2015, algorithm 2, step 11), computed in float64 and stored in float32.
/// </remarks>
internal static class BatchNormFolding
{
    /// <summary>Folds where the layer before is linear and nothing else takes its output.</summary>
    /// <remarks>A normalisation before a convolution stays: 'same' padding puts zeros behind its shift.</remarks>
    public static InferenceForm Apply(InferenceForm form)
    {
        var change = new GraphChange(form.Graph);
        var weights = new ComputedWeights(form.Weights);
        foreach (var layer in form.Graph.Layers)
        {
            if (layer.Kind is not LayerKind.BatchNormalization norm || !change.IsUsedOnce(layer.Inputs[0]))
                continue;
            var before = change.Current(layer.Inputs[0]);
            if (!AffineKinds.IsLinear(before.Kind))
                continue;
            Fold(weights, before, layer.Name, norm);
            change.Replace(before.Name, AffineKinds.WithBias(before.Kind));
            change.Absorb(layer.Name, before.Name);
        }

        return new InferenceForm(change.Apply(), weights);
    }

    private static void Fold(ComputedWeights weights, Layer before, string normName, LayerKind.BatchNormalization norm)
    {
        var biasName = $"{before.Name}/bias";
        var bias = weights.GetValueOrDefault(biasName)?.Values;
        var (gamma, beta) = (weights.Take($"{normName}/gamma")?.Values, weights.Take($"{normName}/beta")?.Values);
        var (mean, variance) = (weights.Take($"{normName}/moving_mean")!.Values, weights.Take($"{normName}/moving_variance")!.Values);
        var scales = new double[mean.Length];
        var newBias = new float[mean.Length];
        for (var channel = 0; channel < scales.Length; channel++)
        {
            scales[channel] = (gamma?[channel] ?? 1.0) / Math.Sqrt(variance[channel] + norm.Epsilon);
            newBias[channel] = (float)((((bias?[channel] ?? 0.0) - mean[channel]) * scales[channel]) + (beta?[channel] ?? 0.0));
        }

        weights.Rewrite($"{before.Name}/{AffineKinds.OutputKernel(before.Kind)}", kernel => Scaled(kernel, scales));
        weights.Set(biasName, new Weight([newBias.Length], newBias));
    }

    private static Weight Scaled(Weight kernel, double[] scales)
    {
        var values = new float[kernel.Values.Length];
        var perChannel = values.Length / scales.Length;
        for (var channel = 0; channel < scales.Length; channel++)
        {
            for (var index = channel * perChannel; index < (channel + 1) * perChannel; index++)
                values[index] = (float)(kernel.Values[index] * scales[channel]);
        }

        return kernel with { Values = values };
    }
}
