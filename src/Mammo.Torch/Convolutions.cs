using Mammo.Networks.Graphs;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Mammo.Torch;

/// <summary>Convolutions and dense layers.</summary>
internal static class Convolutions
{
    // Floats in a register of AVX-512.
    private const int RegisterWidth = 16;

    /// <summary>Convolution with TensorFlow's border; <paramref name="groups"/> = input channels makes it depthwise.</summary>
    public static Tensor Convolve(Tensor x, Tensor kernel, Tensor? bias, Size2D strides, Padding padding, Size2D dilation, long groups = 1)
    {
        var border = Windows.Border(Borders.PlaneOf(x), Borders.PlaneOf(kernel), strides, dilation, padding);
        if (border == default && groups == 1 && x.shape[1] < RegisterWidth && Borders.PlaneOf(kernel) == Size2D.Square(1) && strides != Size2D.Square(1))
            return F.conv2d(Sampled(x, strides), kernel, bias);
        if (Borders.IsSymmetric(border))
            return F.conv2d(x, kernel, bias, Borders.Pair(strides), [border.Top, border.Left], Borders.Pair(dilation), groups);
        return F.conv2d(Borders.Pad(x, border, 0), kernel, bias, Borders.Pair(strides), [0, 0], Borders.Pair(dilation), groups);
    }

    // For a 1x1 kernel with strides and the channels last in memory, oneDNN (libtorch 2.10) sums the kernel's gradient beyond its buffers when the channels
    // do not fill a register: the process dies
    // of a broken heap, sooner or later. Dropping the positions that the strides pass over first gives the same values.
    private static Tensor Sampled(Tensor x, Size2D strides) =>
        Layout.ChannelsLast(x.slice(2, 0, x.shape[2], strides.Rows).slice(3, 0, x.shape[3], strides.Columns));

    /// <summary>Fully connected over the channels: at every position when there are rows and columns.</summary>
    public static Tensor Dense(Tensor x, Tensor kernel, Tensor? bias) =>
        x.dim() == 4 ? F.conv2d(x, kernel.reshape(kernel.shape[0], kernel.shape[1], 1, 1), bias) : F.linear(x, kernel, bias);
}
