using Mammo.Networks.Graphs;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Mammo.Networks.Torch;

/// <summary>Convolutions and dense layers.</summary>
internal static class Convolutions
{
    /// <summary>Convolution with TensorFlow's border; <paramref name="groups"/> = input channels makes it depthwise.</summary>
    public static Tensor Convolve(Tensor x, Tensor kernel, Tensor? bias, Size2D strides, Padding padding, Size2D dilation, long groups = 1)
    {
        var border = Windows.Border(Borders.PlaneOf(x), Borders.PlaneOf(kernel), strides, dilation, padding);
        if (Borders.IsSymmetric(border))
            return F.conv2d(x, kernel, bias, Borders.Pair(strides), [border.Top, border.Left], Borders.Pair(dilation), groups);
        return F.conv2d(Borders.Pad(x, border, 0), kernel, bias, Borders.Pair(strides), [0, 0], Borders.Pair(dilation), groups);
    }

    /// <summary>Fully connected over the channels: at every position when there are rows and columns.</summary>
    public static Tensor Dense(Tensor x, Tensor kernel, Tensor? bias) =>
        x.dim() == 4 ? F.conv2d(x, kernel.reshape(kernel.shape[0], kernel.shape[1], 1, 1), bias) : F.linear(x, kernel, bias);
}
