using System.Collections.Immutable;

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
        var weights = new Dictionary<string, Weight>(form.Weights, StringComparer.Ordinal);
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

    private static void Fold(Dictionary<string, Weight> weights, Layer before, string normName, LayerKind.BatchNormalization norm)
    {
        var kernelName = $"{before.Name}/{AffineKinds.OutputKernel(before.Kind)}";
        var kernel = weights[kernelName];
        var biasName = $"{before.Name}/bias";
        var bias = weights.GetValueOrDefault(biasName)?.Values;
        weights.Remove($"{normName}/gamma", out var gamma);
        weights.Remove($"{normName}/beta", out var beta);
        weights.Remove($"{normName}/moving_mean", out var mean);
        weights.Remove($"{normName}/moving_variance", out var variance);

        var channels = kernel.Shape[0];
        var perChannel = kernel.Values.Length / channels;
        var newKernel = new float[kernel.Values.Length];
        var newBias = new float[channels];
        for (var channel = 0; channel < channels; channel++)
        {
            var scale = (gamma?.Values[channel] ?? 1.0) / Math.Sqrt(variance!.Values[channel] + norm.Epsilon);
            newBias[channel] = (float)((((bias?[channel] ?? 0.0) - mean!.Values[channel]) * scale) + (beta?.Values[channel] ?? 0.0));
            for (var index = channel * perChannel; index < (channel + 1) * perChannel; index++)
                newKernel[index] = (float)(kernel.Values[index] * scale);
        }

        weights[kernelName] = kernel with { Values = newKernel };
        weights[biasName] = new Weight([channels], newBias);
    }
}
