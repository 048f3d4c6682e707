using System.Globalization;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Onnx;

/// <summary>Where Keras's axes are in the ONNX tensors: feature maps are (n, channels, rows, columns), everything else keeps Keras's order.</summary>
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

/// <summary>Activations as ONNX operators.</summary>
internal static class OnnxActivations
{
    // Klambauer et al. 2017, the constants as Keras writes them.
    private const double SeluAlpha = 1.6732632423543772848170429916717;
    private const double SeluScale = 1.0507009873554804934193349852946;

    /// <summary>Operator and attributes for input of a rank.</summary>
    public static (string Operation, ProtoMessage[] Attributes) Of(Activation activation, int rank) => activation switch
    {
        Activation.Linear => ("Identity", []),
        Activation.Relu => ("Relu", []),
        Activation.Softmax => ("Softmax", [OnnxAttribute.Of("axis", OnnxLayout.ChannelAxis(rank))]),
        Activation.Sigmoid => ("Sigmoid", []),
        Activation.Tanh => ("Tanh", []),
        Activation.Elu => ("Elu", [OnnxAttribute.Of("alpha", 1f)]),
        Activation.Selu => ("Selu", [OnnxAttribute.Of("alpha", (float)SeluAlpha), OnnxAttribute.Of("gamma", (float)SeluScale)]),
        Activation.Softplus => ("Softplus", []),
        Activation.Softsign => ("Softsign", []),
        Activation.HardSigmoid => ("HardSigmoid", [OnnxAttribute.Of("alpha", 0.2f), OnnxAttribute.Of("beta", 0.5f)]),
        Activation.HardSwish => ("HardSwish", []),
        Activation.HardSigmoid6 => ("HardSigmoid", [OnnxAttribute.Of("alpha", 1f / 6), OnnxAttribute.Of("beta", 0.5f)]),
        Activation.Exponential => ("Exp", []),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "No ONNX operator."),
    };
}
