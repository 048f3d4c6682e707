using Mammo.Networks.Graphs;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Mammo.Torch;

/// <summary>Runs the layers of a network one by one, for one pass.</summary>
internal sealed class LayerRunner(Network network, Pass pass)
{
    /// <summary>The output of a layer, in the network's order.</summary>
    /// <param name="index">Position of the layer in the graph.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="overwritten">Position of an input that nothing else needs, so that the output may take its memory; null when there is none.</param>
    public Tensor Run(int index, ReadOnlySpan<Tensor> inputs, int? overwritten)
    {
        // Whatever an operator makes on its way is freed here; autograd keeps what it needs by itself.
        using var scope = NewDisposeScope();
        var layer = network.Graph.Layers[index];
        var typed = new Tensor[inputs.Length];

        // A heatmap's probabilities are float32 in a bfloat16 network too, and stay so in their mean.
        for (var i = 0; i < inputs.Length; i++)
            typed[i] = layer.Kind is LayerKind.TopKPooling2D ? inputs[i] : network.Typed(inputs[i]);
        var output = Output(layer, index, typed, overwritten);
        return scope.Contains(output) ? output.MoveToOuterDisposeScope() : output;
    }

    private Tensor Output(Layer layer, int index, Tensor[] inputs, int? overwritten)
    {
        var x = inputs[0];
        return layer.Kind switch
        {
            LayerKind.Conv2D conv => Activated(
                conv.Activation,
                Convolutions.Convolve(
                    x, Weight(layer, "kernel", x), Bias(layer, conv.UseBias, x), conv.Strides, conv.Padding, conv.Dilation, conv.Groups ?? 1)),
            LayerKind.SeparableConv2D conv => Activated(conv.Activation, Separable(layer, conv, x)),
            LayerKind.DepthwiseConv2D conv => Activated(
                conv.Activation,
                Convolutions.Convolve(
                    x, Weight(layer, "depthwise_kernel", x), Bias(layer, conv.UseBias, x), conv.Strides, conv.Padding, conv.Dilation, x.shape[1])),
            LayerKind.Dense dense => Activated(dense.Activation, Convolutions.Dense(x, Weight(layer, "kernel", x), Bias(layer, dense.UseBias, x))),
            LayerKind.BatchNormalization norm => Normalized(layer, norm, x),
            LayerKind.Normalization => Normalization.WithFixedStatistics(x, network[layer.WeightOwner + "/mean"], network[layer.WeightOwner + "/variance"]),
            LayerKind.LayerNormalization norm => Normalization.OverChannels(
                x,
                norm.Scale ? network[layer.WeightOwner + "/gamma"] : null,
                norm.Center ? network[layer.WeightOwner + "/beta"] : null,
                norm.Epsilon),
            LayerKind.LayerScale => Normalization.Scaled(x, network[layer.WeightOwner + "/gamma"]),
            LayerKind.Rescaling rescaling => Normalization.Rescaled(x, rescaling),
            LayerKind.Activate activate => Activations.Apply(activate.Activation, x, overwritten == 0),
            LayerKind.LeakyRelu leaky => x.relu().add(x.neg().relu(), Number.Of(-leaky.Alpha)),
            LayerKind.Dropout dropout => pass.IsTraining ? Normalization.Dropout(x, dropout.Rate, Seeds.Mix(pass.DropoutSeed, index)) : x.alias(),
            LayerKind.MaxPooling2D pool => Pools.Max(x, pool),
            LayerKind.AveragePooling2D pool => Pools.Average(x, pool),
            LayerKind.GlobalAveragePooling2D => Pools.GlobalAverage(x, network.TypeOf(2)),
            LayerKind.GlobalMaxPooling2D => Pools.GlobalMax(x),
            LayerKind.TopKPooling2D pool => Pools.TopK(x, pool, network.TypeOf(2)),
            LayerKind.ZeroPadding2D pad => Borders.Pad(x, pad.Border, 0),
            LayerKind.Cropping2D crop => Borders.Crop(x, crop.Border),
            LayerKind.UpSampling2D up => Shapes.UpSample(x, up.Factor),
            LayerKind.Flatten => Shapes.Flatten(x),
            LayerKind.Reshape reshape => Shapes.Reshape(x, reshape.TargetShape),
            LayerKind.Permute permute => Shapes.Permute(x, permute.Axes),
            LayerKind.Add => Merges.Sum(inputs, overwritten),
            LayerKind.Average => Merges.Average(inputs),
            LayerKind.Maximum => Merges.Maximum(inputs),
            LayerKind.Multiply => Merges.Product(inputs),
            LayerKind.Concatenate concatenate => Merges.Concatenate(inputs, concatenate.Axis),
            _ => throw new MammoException(
                ErrorIds.ModelLayerUnsupported, $"Layer '{layer.Name}' is of kind {layer.Kind.KerasName}, which torch is not given.", target: layer.Name),
        };
    }

    private Tensor Separable(Layer layer, LayerKind.SeparableConv2D conv, Tensor x)
    {
        var depthwise = Convolutions.Convolve(x, Weight(layer, "depthwise_kernel", x), null, conv.Strides, conv.Padding, conv.Dilation, x.shape[1]);
        return F.conv2d(depthwise, Weight(layer, "pointwise_kernel", x), Bias(layer, conv.UseBias, x));
    }

    private Tensor Normalized(Layer layer, LayerKind.BatchNormalization norm, Tensor x)
    {
        var weights = new NormWeights(
            norm.Scale ? network[layer.WeightOwner + "/gamma"] : null,
            norm.Center ? network[layer.WeightOwner + "/beta"] : null,
            network[layer.WeightOwner + "/moving_mean"],
            network[layer.WeightOwner + "/moving_variance"]);
        return pass.IsTraining && !pass.FrozenNorms.Contains(layer.WeightOwner)
            ? Normalization.WithBatchStatistics(x, weights, norm, pass.UpdatesStatistics)
            : Normalization.WithMovingStatistics(x, weights, norm.Epsilon);
    }

    private static Tensor Activated(Activation activation, Tensor x) => Activations.Apply(activation, x, mayOverwrite: true);

    // A bfloat16 network keeps vectors, and in training all weights, in float32.
    private Tensor Weight(Layer layer, string name, Tensor x)
    {
        var weight = network[layer.WeightOwner + "/" + name];
        return weight.dtype == x.dtype ? weight : weight.to(x.dtype);
    }

    private Tensor? Bias(Layer layer, bool isUsed, Tensor x) => isUsed ? Weight(layer, "bias", x) : null;
}
