using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Onnx;

/// <content>Pools and layers that move values about.</content>
internal sealed partial class OnnxTranslation
{
    private string AveragePool(Layer layer, LayerKind.AveragePooling2D pool) => Single(
        "AveragePool",
        layer,
        [.. OnnxWindow.Pool(layer.Name, InputShape(layer), pool.PoolSize, pool.Strides, pool.Padding), OnnxAttribute.Of("count_include_pad", 0)]);

    private string GlobalPool(string operation, Layer layer) =>
        _onnx.Node("Flatten", layer.Name, [_onnx.Node(operation, Inner(layer, "pooled"), layer.Inputs)], OnnxAttribute.Of("axis", 1));

    private string TopK(Layer layer, LayerKind.TopKPooling2D pool)
    {
        var channels = InputShape(layer).Channels!.Value;
        var positions = _onnx.Node("Reshape", Inner(layer, "positions"), [layer.Inputs[0], Numbers("positions_shape", 0, channels, -1)]);
        var background = _onnx.Node("Gather", Inner(layer, "background"), [positions, Numbers("channel", pool.Background)], OnnxAttribute.Of("axis", 1));
        var sizes = _onnx.Node("Shape", Inner(layer, "sizes"), [background]);
        var available = _onnx.Node("Gather", Inner(layer, "available"), [sizes, Numbers("last", 2)], OnnxAttribute.Of("axis", 0));
        var k = _onnx.Node("Min", Inner(layer, "k"), [available, Numbers("wanted", pool.K)]);
        var lowest = _onnx.Node(
            "TopK",
            [Inner(layer, "values"), Inner(layer, "lowest")],
            [background, k],
            OnnxAttribute.Of("axis", 2),
            OnnxAttribute.Of("largest", 0),
            OnnxAttribute.Of("sorted", 0));
        var everywhere = _onnx.Node("Expand", Inner(layer, "everywhere"), [lowest, Numbers("channels", 1, channels, 1)]);
        var taken = _onnx.Node("GatherElements", Inner(layer, "taken"), [positions, everywhere], OnnxAttribute.Of("axis", 2));
        return _onnx.Node("ReduceMean", layer.Name, [taken], OnnxAttribute.Of("axes", [2]), OnnxAttribute.Of("keepdims", 0));

        string Numbers(string part, params long[] values) => _onnx.Integers($"{layer.Name}/{part}", values);
    }

    private string Pad(Layer layer, Border border)
    {
        var pads = _onnx.Integers($"{layer.Name}/pads", 0, 0, border.Top, border.Left, 0, 0, border.Bottom, border.Right);
        return _onnx.Node("Pad", layer.Name, [layer.Inputs[0], pads]);
    }

    private string Crop(Layer layer, Border border)
    {
        var starts = _onnx.Integers($"{layer.Name}/starts", border.Top, border.Left);
        var ends = _onnx.Integers($"{layer.Name}/ends", End(border.Bottom), End(border.Right));
        return _onnx.Node("Slice", layer.Name, [layer.Inputs[0], starts, ends, _onnx.Integers($"{layer.Name}/axes", 2, 3)]);

        // Counted from the end, so that open sizes can be cut too.
        static long End(int cut) => cut == 0 ? long.MaxValue : -cut;
    }

    private string Repeat(Layer layer, Size2D factor)
    {
        var scales = _onnx.Floats($"{layer.Name}/scales", [1, 1, factor.Rows, factor.Columns], 4);
        return _onnx.Node(
            "Resize",
            layer.Name,
            [layer.Inputs[0], string.Empty, scales],
            OnnxAttribute.Of("coordinate_transformation_mode", "asymmetric"),
            OnnxAttribute.Of("mode", "nearest"),
            OnnxAttribute.Of("nearest_mode", "floor"));
    }

    /// <summary>The values in Keras's order in another shape; feature maps are brought into that order before and out of it afterwards.</summary>
    private string Reshape(Layer layer, ImmutableArray<int> target)
    {
        var value = layer.Inputs[0];
        if (InputShape(layer).Rank == 3)
            value = _onnx.Node("Transpose", Inner(layer, "channels_last"), [value], OnnxAttribute.Of("perm", OnnxLayout.ToKeras));

        // A 0 keeps the batch axis.
        var shape = _onnx.Integers($"{layer.Name}/shape", [0, .. target]);
        if (target.Length != 3)
            return _onnx.Node("Reshape", layer.Name, [value, shape]);
        value = _onnx.Node("Reshape", Inner(layer, "reshaped"), [value, shape]);
        return _onnx.Node("Transpose", layer.Name, [value], OnnxAttribute.Of("perm", OnnxLayout.FromKeras));
    }

    private string Permute(Layer layer, ImmutableArray<int> axes)
    {
        var moved = new long[axes.Length + 1];
        for (var axis = 0; axis < axes.Length; axis++)
            moved[OnnxLayout.Axis(axis, axes.Length)] = OnnxLayout.Axis(axes[axis] - 1, axes.Length);
        return Single("Transpose", layer, OnnxAttribute.Of("perm", moved));
    }

    private string Concatenate(Layer layer, int kerasAxis)
    {
        var rank = InputShape(layer).Rank;
        var axis = kerasAxis < 0 ? rank + kerasAxis : kerasAxis - 1;
        return Single("Concat", layer, OnnxAttribute.Of("axis", OnnxLayout.Axis(axis, rank)));
    }
}
