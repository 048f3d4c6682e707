using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Onnx;

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
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "No ONNX operator."),
    };
}
