using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Onnx;

/// <summary>Attributes of sliding windows.</summary>
internal static class OnnxWindow
{
    /// <summary>Kernel, strides and border of a pool.</summary>
    public static IEnumerable<ProtoMessage> Pool(TensorShape input, Size2D size, Size2D strides, Padding padding) =>
        [OnnxAttribute.Of("kernel_shape", size.Rows, size.Columns), OnnxAttribute.Of("strides", strides.Rows, strides.Columns), .. Border(input, size, strides, Size2D.Square(1), padding)];

    /// <summary>Kernel, strides, dilation and border of a convolution.</summary>
    public static IEnumerable<ProtoMessage> Convolution(TensorShape input, Size2D kernel, Size2D strides, Size2D dilation, Padding padding) =>
    [
        OnnxAttribute.Of("dilations", dilation.Rows, dilation.Columns),
        OnnxAttribute.Of("kernel_shape", kernel.Rows, kernel.Columns),
        OnnxAttribute.Of("strides", strides.Rows, strides.Columns),
        .. Border(input, kernel, strides, dilation, padding),
    ];

    private static IEnumerable<ProtoMessage> Border(TensorShape input, Size2D kernel, Size2D strides, Size2D dilation, Padding padding)
    {
        if (padding == Padding.Valid)
            return [];

        // SAME_UPPER is TensorFlow's rule, but not every runtime follows it with dilation; explicit numbers leave nothing to interpret.
        if (Known(input.Sizes[0], kernel.Rows, strides.Rows) is not { } rows || Known(input.Sizes[1], kernel.Columns, strides.Columns) is not { } columns)
            return [OnnxAttribute.Of("auto_pad", "SAME_UPPER")];
        var border = Windows.Border(new Size2D(rows, columns), kernel, strides, dilation, padding);
        return border == default ? [] : [OnnxAttribute.Of("pads", border.Top, border.Left, border.Bottom, border.Right)];
    }

    /// <summary>A size that gives the border: the input's, or any one where the border does not depend on it.</summary>
    private static int? Known(int? size, int kernel, int stride) => size ?? (stride == 1 || kernel == 1 ? 1 : null);
}
