using Mammo.Networks.Graphs;
using TorchSharp;

using static TorchSharp.torch;

namespace Mammo.Torch;

/// <summary>Borders around planes, which torch's operators take only when they are equal on both sides.</summary>
internal static class Borders
{
    /// <summary>Rows and columns of (n, channels, rows, columns), or of a kernel.</summary>
    public static Size2D PlaneOf(Tensor tensor) => new((int)tensor.shape[2], (int)tensor.shape[3]);

    /// <summary>True when torch can add the border by itself.</summary>
    public static bool IsSymmetric(Border border) => border.Top == border.Bottom && border.Left == border.Right;

    /// <summary>Rows, columns as torch's arguments.</summary>
    public static long[] Pair(Size2D size) => [size.Rows, size.Columns];

    /// <summary>A copy with the border around it.</summary>
    public static Tensor Pad(Tensor x, Border border, double value) =>
        nn.functional.pad(x, [border.Left, border.Right, border.Top, border.Bottom], PaddingModes.Constant, value);

    /// <summary>A view without the border.</summary>
    public static Tensor Crop(Tensor x, Border border)
    {
        var (rows, columns) = PlaneOf(x);
        return x.narrow(2, border.Top, rows - border.Top - border.Bottom).narrow(3, border.Left, columns - border.Left - border.Right);
    }
}
