using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Onnx;

/// <summary>A network as an ONNX graph of operator set 17: every layer's output has the layer's name, every weight its path name.</summary>
internal sealed partial class OnnxTranslation
{
    private readonly LayerGraph _graph;
    private readonly IReadOnlyDictionary<string, Weight> _weights;
    private readonly IReadOnlyDictionary<string, TensorShape> _shapes;
    private readonly OnnxGraph _onnx;

    private OnnxTranslation(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights)
    {
        (_graph, _weights) = (graph, weights);
        _shapes = ShapeInference.Infer(graph);
        _onnx = new OnnxGraph(graph.Name, graph.Layers.Select(layer => layer.Name));
    }

    /// <summary>The graph (GraphProto). Feature maps are (n, channels, rows, columns), inputs and outputs too; the batch and open sizes are dynamic.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelGraphInvalid"/>: a layer does not fit its input.</exception>
    public static ProtoMessage Of(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights)
    {
        var translation = new OnnxTranslation(graph, weights);
        foreach (var layer in graph.Layers)
            translation.Emit(layer);
        translation.DeclareOutputs();
        return translation._onnx.Build();
    }

    private void DeclareOutputs()
    {
        var returned = new HashSet<string>(StringComparer.Ordinal);
        foreach (var output in _graph.Outputs)
        {
            // ONNX wants distinct outputs that nodes compute.
            var isOwn = returned.Add(output) && _graph[output].Kind is not LayerKind.Input;
            _onnx.Output(isOwn ? output : _onnx.Node("Identity", _onnx.Unique(output + "/output"), [output]), _shapes[output]);
        }
    }

    private string Emit(Layer layer) => layer.Kind switch
    {
        LayerKind.Input input => _onnx.Input(layer.Name, input.Shape),
        LayerKind.Conv2D conv => Convolution(layer, conv),
        LayerKind.SeparableConv2D conv => Separable(layer, conv),
        LayerKind.DepthwiseConv2D conv => Depthwise(layer, conv),
        LayerKind.Dense dense => Dense(layer, dense),
        LayerKind.BatchNormalization norm => Normalization(layer, norm),
        LayerKind.Normalization => FixedNormalization(layer),
        LayerKind.LayerNormalization norm => OverChannels(layer, norm),
        LayerKind.LayerScale => _onnx.Node("Mul", layer.Name, [layer.Inputs[0], OnChannels(layer, "gamma", _weights[$"{layer.WeightOwner}/gamma"].Values)]),
        LayerKind.Rescaling rescaling => Rescaling(layer, rescaling),
        LayerKind.Activate activate => Activate(layer.Name, layer.Inputs[0], activate.Activation, InputShape(layer).Rank),
        LayerKind.LeakyRelu leaky => Single("LeakyRelu", layer, OnnxAttribute.Of("alpha", (float)leaky.Alpha)),
        LayerKind.MaxPooling2D pool => Single("MaxPool", layer, [.. OnnxWindow.Pool(layer.Name, InputShape(layer), pool.PoolSize, pool.Strides, pool.Padding)]),
        LayerKind.AveragePooling2D pool => AveragePool(layer, pool),
        LayerKind.GlobalAveragePooling2D => GlobalPool("GlobalAveragePool", layer),
        LayerKind.GlobalMaxPooling2D => GlobalPool("GlobalMaxPool", layer),
        LayerKind.TopKPooling2D pool => TopK(layer, pool),
        LayerKind.ZeroPadding2D pad => Pad(layer, pad.Border),
        LayerKind.Cropping2D crop => Crop(layer, crop.Border),
        LayerKind.UpSampling2D up => Repeat(layer, up.Factor),
        LayerKind.Dropout => Single("Identity", layer),
        LayerKind.Flatten => Reshape(layer, [-1]),
        LayerKind.Reshape reshape => Reshape(layer, reshape.TargetShape),
        LayerKind.Permute permute => Permute(layer, permute.Axes),
        LayerKind.Add => Chain("Add", layer),
        LayerKind.Average => Single("Mean", layer),
        LayerKind.Maximum => Single("Max", layer),
        LayerKind.Multiply => Chain("Mul", layer),
        LayerKind.Concatenate concatenate => Concatenate(layer, concatenate.Axis),
        _ => throw new MammoException(
            ErrorIds.ModelLayerUnsupported, $"Layer '{layer.Name}' ({layer.Kind.KerasName}) has no form in ONNX.", target: layer.Name),
    };

    private TensorShape InputShape(Layer layer) => _shapes[layer.Inputs[0]];

    /// <summary>Name for a value inside a layer, between its nodes.</summary>
    private string Inner(Layer layer, string part) => _onnx.Unique($"{layer.Name}/{part}");

    private string Single(string operation, Layer layer, params ProtoMessage[] attributes) => _onnx.Node(operation, layer.Name, layer.Inputs, attributes);

    /// <summary>A two-input operator over all inputs from left to right, as Keras computes it.</summary>
    private string Chain(string operation, Layer layer)
    {
        var value = layer.Inputs[0];
        for (var index = 1; index < layer.Inputs.Length; index++)
            value = _onnx.Node(operation, index == layer.Inputs.Length - 1 ? layer.Name : Inner(layer, "part"), [value, layer.Inputs[index]]);
        return layer.Inputs.Length == 1 ? Single("Identity", layer) : value;
    }
}
