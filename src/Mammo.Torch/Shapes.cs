using System.Collections.Immutable;
using Mammo.Networks.Graphs;
using static TorchSharp.torch;

namespace Mammo.Torch;

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
