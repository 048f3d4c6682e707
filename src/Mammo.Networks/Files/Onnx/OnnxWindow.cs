using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Onnx;

/// <summary>Attributes of sliding windows.</summary>
internal static class OnnxWindow
{
    /// <summary>Kernel, strides and border of a pool.</summary>
    public static IEnumerable<ProtoMessage> Pool(string layer, TensorShape input, Size2D size, Size2D strides, Padding padding) =>
    [
        OnnxAttribute.Of("kernel_shape", size.Rows, size.Columns),
        OnnxAttribute.Of("strides", strides.Rows, strides.Columns),
        .. Border(layer, input, size, strides, Size2D.Square(1), padding),
    ];

    /// <summary>Kernel, strides, dilation and border of a convolution.</summary>
    public static IEnumerable<ProtoMessage> Convolution(string layer, TensorShape input, Size2D kernel, Size2D strides, Size2D dilation, Padding padding) =>
    [
        OnnxAttribute.Of("dilations", dilation.Rows, dilation.Columns),
        OnnxAttribute.Of("kernel_shape", kernel.Rows, kernel.Columns),
        OnnxAttribute.Of("strides", strides.Rows, strides.Columns),
        .. Border(layer, input, kernel, strides, dilation, padding),
    ];

    private static IEnumerable<ProtoMessage> Border(string layer, TensorShape input, Size2D kernel, Size2D strides, Size2D dilation, Padding padding)
    {
        if (padding == Padding.Valid)
            return [];

        if (Known(input.Sizes[0], kernel.Rows, strides.Rows) is not { } rows || Known(input.Sizes[1], kernel.Columns, strides.Columns) is not { } columns)
            return [Automatic(layer, kernel, strides, dilation)];
        var border = Windows.Border(new Size2D(rows, columns), kernel, strides, dilation, padding);
        return border == default ? [] : [OnnxAttribute.Of("pads", border.Top, border.Left, border.Bottom, border.Right)];
    }

    /// <summary>TensorFlow's rule by its name in ONNX, where runtimes follow it.</summary>
    private static ProtoMessage Automatic(string layer, Size2D kernel, Size2D strides, Size2D dilation)
    {
        // ONNX Runtime gives a window that is smaller than its step a negative border, and not every runtime counts dilation.
        if (kernel.Rows >= strides.Rows && kernel.Columns >= strides.Columns && dilation == Size2D.Square(1))
            return OnnxAttribute.Of("auto_pad", "SAME_UPPER");
        throw new MammoException(
            ErrorIds.ModelLayerUnsupported,
            $"Layer '{layer}' (window {kernel}, strides {strides}, dilation {dilation}, padding 'same') has no form in ONNX while its input size is open.",
            "Give the network a fixed input size, or use -Engine torch.",
            layer);
    }

    /// <summary>A size that gives the border: the input's, or any one where the border does not depend on it.</summary>
    private static int? Known(int? size, int kernel, int stride) => size ?? (stride == 1 || kernel == 1 ? 1 : null);
}
