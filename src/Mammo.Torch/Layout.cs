using System.Collections.Immutable;
using Mammo.Networks.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace Mammo.Torch;

/// <summary>
/// The order of axes inside a <see cref="Network"/>: rows × columns × channels run as (n, channels, rows, columns), which torch's operators want, laid out in
/// memory with the channels last, which oneDNN and cuDNN
/// run fastest; every other rank has Keras's order.
/// </summary>
internal static class Layout
{
    /// <summary>From Keras's order, batch axis first, to the network's.</summary>
    public static Tensor ToNetwork(Tensor keras) => keras.dim() == 4 ? keras.contiguous().permute(0, 3, 1, 2) : keras;

    /// <summary>From the network's order to Keras's, batch axis first.</summary>
    public static Tensor ToKeras(Tensor tensor) => tensor.dim() == 4 ? tensor.permute(0, 2, 3, 1) : tensor;

    /// <summary>The same values and axes with the channels last in memory; for tensors and convolution kernels with four axes.</summary>
    public static Tensor ChannelsLast(Tensor tensor) => tensor.dim() == 4 ? tensor.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : tensor;

    /// <summary>Position in the network's order of a Keras axis (batch axis 0, negative from the end) of a tensor with that many axes.</summary>
    public static long Axis(int kerasAxis, long dimensions)
    {
        var axis = kerasAxis < 0 ? kerasAxis + dimensions : kerasAxis;
        return dimensions != 4 || axis == 0 ? axis : axis == 3 ? 1 : axis + 1;
    }

    /// <summary>Position of the channels.</summary>
    public static long ChannelAxis(Tensor tensor) => tensor.dim() == 4 ? 1 : tensor.dim() - 1;
}

/// <summary>Layers that move values without changing them; all by Keras's order of axes.</summary>
internal static class Shapes
{
    /// <summary>To one axis, row by row, column by column, channel by channel.</summary>
    public static Tensor Flatten(Tensor x) => Layout.ToKeras(x).reshape(x.shape[0], -1);

    /// <summary>To another shape.</summary>
    public static Tensor Reshape(Tensor x, ImmutableArray<int> target) => Layout.ToNetwork(Layout.ToKeras(x).reshape([x.shape[0], .. target]));

    /// <summary>Axes in another order; 1-based, the batch axis not counted.</summary>
    public static Tensor Permute(Tensor x, ImmutableArray<int> axes) => Layout.ToNetwork(Layout.ToKeras(x).permute([0, .. axes]));

    /// <summary>Every row and column repeated. Torch's own nearest neighbour rounds positions in float32; repeating is exact.</summary>
    public static Tensor UpSample(Tensor x, Size2D factor)
    {
        var keras = Layout.ToKeras(x);
        var (n, rows, columns, channels) = (keras.shape[0], keras.shape[1], keras.shape[2], keras.shape[3]);
        var repeated = keras.reshape(n, rows, 1, columns, 1, channels).expand(n, rows, factor.Rows, columns, factor.Columns, channels);
        return Layout.ToNetwork(repeated.reshape(n, rows * factor.Rows, columns * factor.Columns, channels));
    }
}
