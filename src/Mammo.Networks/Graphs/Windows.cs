namespace Mammo.Networks.Graphs;

/// <summary>Output sizes and borders of sliding windows, by TensorFlow's rules.</summary>
internal static class Windows
{
    /// <summary>Number of window positions along one axis.</summary>
    public static int OutputSize(int input, int kernel, int stride, int dilation, Padding padding) => padding == Padding.Same
        ? (input + stride - 1) / stride
        : (input - Extent(kernel, dilation) + stride) / stride;

    /// <summary>Border before and after along one axis: the odd pixel goes to the end (TensorFlow), unlike torch's symmetric border.</summary>
    public static (int Before, int After) Border(int input, int kernel, int stride, int dilation, Padding padding)
    {
        if (padding == Padding.Valid)
            return (0, 0);
        var total = Math.Max(((OutputSize(input, kernel, stride, dilation, padding) - 1) * stride) + Extent(kernel, dilation) - input, 0);
        return (total / 2, total - (total / 2));
    }

    /// <summary>Border on all four sides of a plane.</summary>
    public static Border Border(Size2D input, Size2D kernel, Size2D strides, Size2D dilation, Padding padding)
    {
        var (top, bottom) = Border(input.Rows, kernel.Rows, strides.Rows, dilation.Rows, padding);
        var (left, right) = Border(input.Columns, kernel.Columns, strides.Columns, dilation.Columns, padding);
        return new Border(top, bottom, left, right);
    }

    private static int Extent(int kernel, int dilation) => checked(((kernel - 1) * dilation) + 1);
}
