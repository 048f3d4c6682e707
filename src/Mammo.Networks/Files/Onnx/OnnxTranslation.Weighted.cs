using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Onnx;

/// <content>Layers with weights, and activations.</content>
internal sealed partial class OnnxTranslation
{
    private string Convolution(Layer layer, LayerKind.Conv2D conv) => Activated(layer, conv.Activation, output => _onnx.Node(
        "Conv",
        output,
        [layer.Inputs[0], Stored(layer, "kernel"), .. Bias(layer, conv.UseBias)],
        [
            .. OnnxWindow.Convolution(layer.Name, InputShape(layer), conv.Kernel, conv.Strides, conv.Dilation, conv.Padding),
            .. conv.Groups is { } groups ? [OnnxAttribute.Of("group", groups)] : Array.Empty<ProtoMessage>(),
        ]));

    private string Depthwise(Layer layer, LayerKind.DepthwiseConv2D conv) => Activated(layer, conv.Activation, output => _onnx.Node(
        "Conv",
        output,
        [layer.Inputs[0], Stored(layer, "depthwise_kernel"), .. Bias(layer, conv.UseBias)],
        [.. OnnxWindow.Convolution(layer.Name, InputShape(layer), conv.Kernel, conv.Strides, conv.Dilation, conv.Padding), Groups(layer)]));

    private string Separable(Layer layer, LayerKind.SeparableConv2D conv)
    {
        var depthwise = _onnx.Node(
            "Conv",
            Inner(layer, "depthwise"),
            [layer.Inputs[0], Stored(layer, "depthwise_kernel")],
            [.. OnnxWindow.Convolution(layer.Name, InputShape(layer), conv.Kernel, conv.Strides, conv.Dilation, conv.Padding), Groups(layer)]);
        return Activated(layer, conv.Activation, output =>
            _onnx.Node("Conv", output, [depthwise, Stored(layer, "pointwise_kernel"), .. Bias(layer, conv.UseBias)], OnnxAttribute.Of("kernel_shape", 1, 1)));
    }

    private string Dense(Layer layer, LayerKind.Dense dense) => Activated(layer, dense.Activation, output =>
    {
        if (InputShape(layer).Rank == 1)
            return _onnx.Node("Gemm", output, [layer.Inputs[0], Stored(layer, "kernel"), .. Bias(layer, dense.UseBias)], OnnxAttribute.Of("transB", 1));
        var name = $"{layer.WeightOwner}/kernel";
        var weight = _weights[name];
        var kernel = _onnx.Floats(name, weight.Values, [.. weight.Shape, 1, 1]);
        return _onnx.Node("Conv", output, [layer.Inputs[0], kernel, .. Bias(layer, dense.UseBias)], OnnxAttribute.Of("kernel_shape", 1, 1));
    });

    private string Normalization(Layer layer, LayerKind.BatchNormalization norm)
    {
        var channels = InputShape(layer).Channels!.Value;
        var gamma = norm.Scale ? Stored(layer, "gamma") : _onnx.Floats($"{layer.Name}/gamma", Enumerable.Repeat(1f, channels).ToArray(), channels);
        var beta = norm.Center ? Stored(layer, "beta") : _onnx.Floats($"{layer.Name}/beta", new float[channels], channels);
        return _onnx.Node(
            "BatchNormalization",
            layer.Name,
            [layer.Inputs[0], gamma, beta, Stored(layer, "moving_mean"), Stored(layer, "moving_variance")],
            OnnxAttribute.Of("epsilon", (float)norm.Epsilon));
    }

    /// <summary>A layer's nodes up to its activation, and the activation as a node of its own unless it is linear.</summary>
    private string Activated(Layer layer, Activation activation, Func<string, string> emit) => activation == Activation.Linear
        ? emit(layer.Name)
        : Activate(layer.Name, emit(Inner(layer, "linear")), activation, _shapes[layer.Name].Rank);

    private string Activate(string output, string input, Activation activation, int rank)
    {
        // Operator set 17 has none of these as one operator.
        switch (activation)
        {
            case Activation.Relu6:
                return _onnx.Node("Clip", output, [input, Scalar("least", 0), Scalar("most", 6)]);
            case Activation.Swish:
                return _onnx.Node("Mul", output, [input, _onnx.Node("Sigmoid", Part("gate"), [input])]);
            case Activation.Gelu:
                var share = _onnx.Node("Erf", Part("share"), [_onnx.Node("Mul", Part("scaled"), [input, Scalar("root_half", Math.Sqrt(0.5))])]);
                var weighted = _onnx.Node("Mul", Part("weighted"), [input, _onnx.Node("Add", Part("shifted"), [share, Scalar("one", 1)])]);
                return _onnx.Node("Mul", output, [weighted, Scalar("half", 0.5)]);
            default:
                var (operation, attributes) = OnnxActivations.Of(activation, rank);
                return _onnx.Node(operation, output, [input], attributes);
        }

        string Part(string part) => _onnx.Unique($"{output}/{part}");

        string Scalar(string part, double value) => _onnx.Floats($"{output}/{part}", [(float)value]);
    }

    private string FixedNormalization(Layer layer)
    {
        var deviation = Array.ConvertAll(
            _weights[$"{layer.WeightOwner}/variance"].Values, value => (float)Math.Max(Math.Sqrt(value), LayerKind.Normalization.SmallestDeviation));
        var mean = OnChannels(layer, "mean", _weights[$"{layer.WeightOwner}/mean"].Values);
        return _onnx.Node("Div", layer.Name, [_onnx.Node("Sub", Inner(layer, "centred"), [layer.Inputs[0], mean]), OnChannels(layer, "deviation", deviation)]);
    }

    /// <summary>Normalisation over axis 1, which the channels are; ONNX's own LayerNormalization takes the last axes.</summary>
    private string OverChannels(Layer layer, LayerKind.LayerNormalization norm)
    {
        var centred = _onnx.Node("Sub", Inner(layer, "centred"), [layer.Inputs[0], Mean("mean", layer.Inputs[0])]);
        var variance = Mean("variance", _onnx.Node("Mul", Inner(layer, "squared"), [centred, centred]));
        var shifted = _onnx.Node("Add", Inner(layer, "shifted"), [variance, _onnx.Floats($"{layer.Name}/epsilon", [(float)norm.Epsilon])]);
        var value = _onnx.Node(
            "Div", norm.Scale || norm.Center ? Inner(layer, "normal") : layer.Name, [centred, _onnx.Node("Sqrt", Inner(layer, "deviation"), [shifted])]);
        if (norm.Scale)
            value = _onnx.Node("Mul", norm.Center ? Inner(layer, "scaled") : layer.Name, [value, Weight("gamma")]);
        return norm.Center ? _onnx.Node("Add", layer.Name, [value, Weight("beta")]) : value;

        string Mean(string part, string input) =>
            _onnx.Node("ReduceMean", Inner(layer, part), [input], OnnxAttribute.Of("axes", [1]), OnnxAttribute.Of("keepdims", 1));

        string Weight(string name) => OnChannels(layer, name, _weights[$"{layer.WeightOwner}/{name}"].Values);
    }

    private string Rescaling(Layer layer, LayerKind.Rescaling rescaling)
    {
        var scaled = _onnx.Node("Mul", Inner(layer, "scaled"), [layer.Inputs[0], OnChannels(layer, "scale", Rounded(rescaling.Scale))]);
        return _onnx.Node("Add", layer.Name, [scaled, OnChannels(layer, "offset", Rounded(rescaling.Offset))]);

        static float[] Rounded(ImmutableArray<double> numbers) => [.. numbers.Select(number => (float)number)];
    }

    /// <summary>Numbers, one for all or one for each channel, in a shape that meets the channels.</summary>
    private string OnChannels(Layer layer, string part, float[] numbers) =>
        _onnx.Floats($"{layer.Name}/{part}", numbers, InputShape(layer).Rank == 3 ? [numbers.Length, 1, 1] : [numbers.Length]);

    private ProtoMessage Groups(Layer layer) => OnnxAttribute.Of("group", InputShape(layer).Channels!.Value);

    private string[] Bias(Layer layer, bool isUsed) => isUsed ? [Stored(layer, "bias")] : [];

    private string Stored(Layer layer, string weightName)
    {
        var name = $"{layer.WeightOwner}/{weightName}";
        var weight = _weights[name];
        return _onnx.Floats(name, weight.Values, weight.Shape);
    }
}
