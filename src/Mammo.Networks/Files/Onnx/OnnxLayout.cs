using System.Globalization;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Onnx;

/// <summary>Where Keras's axes stand in the ONNX tensors: feature maps are (n, channels, rows, columns), everything else keeps Keras's order.</summary>
internal static class OnnxLayout
{
    /// <summary>Axes of a feature map in Keras's order, as ONNX counts them.</summary>
    public static readonly long[] ToKeras = [0, 2, 3, 1];

    /// <summary>Axes of a feature map in ONNX's order, as Keras counts them.</summary>
    public static readonly long[] FromKeras = [0, 3, 1, 2];

    /// <summary>Axis in the ONNX tensor (the batch is 0) of a Keras axis that is counted from 0 without the batch.</summary>
    public static long Axis(int kerasAxis, int rank) => rank == 3 ? ToKeras[kerasAxis + 1] : kerasAxis + 1;

    /// <summary>Axis in the ONNX tensor of the channels, Keras's last axis.</summary>
    public static long ChannelAxis(int rank) => Axis(rank - 1, rank);

    /// <summary>Sizes behind the batch axis in ONNX's order, with a word for each axis.</summary>
    public static IEnumerable<(int? Size, string Axis)> Sizes(TensorShape shape) => shape.Rank == 3
        ? [(shape.Sizes[2], "channels"), (shape.Sizes[0], "height"), (shape.Sizes[1], "width")]
        : shape.Sizes.Select((size, axis) => (size, "axis" + (axis + 1).ToString(CultureInfo.InvariantCulture)));
}
