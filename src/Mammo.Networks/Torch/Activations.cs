using Mammo.Networks.Graphs;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Mammo.Networks.Torch;

/// <summary>Keras's activation functions on torch tensors.</summary>
internal static class Activations
{
    // Below it log1p(exp(x)) is finite in float32, above it equal to x in float64; torch's own threshold of 20 leaves an error of 2e-9.
    private const double SoftplusThreshold = 40;

    /// <summary>Applies an activation.</summary>
    /// <param name="activation">Which.</param>
    /// <param name="x">Values in the network's order.</param>
    /// <param name="mayOverwrite">The values are not needed afterwards, neither by other layers nor by the gradient of the layer that made them.</param>
    public static Tensor Apply(Activation activation, Tensor x, bool mayOverwrite) => activation switch
    {
        Activation.Linear => mayOverwrite ? x : x.alias(),
        Activation.Relu => mayOverwrite ? x.relu_() : x.relu(),
        Activation.Softmax => x.softmax(Layout.ChannelAxis(x), x.dtype == ScalarType.BFloat16 ? ScalarType.Float32 : null),
        Activation.Sigmoid => x.sigmoid(),
        Activation.Tanh => x.tanh(),
        Activation.Elu => F.elu(x, 1.0),
        Activation.Selu => F.selu(x),
        Activation.Softplus => F.softplus(x, 1.0, SoftplusThreshold),
        Activation.Softsign => x / (x.abs() + 1.0),
        Activation.HardSigmoid => ((x * 0.2) + 0.5).clamp(0.0, 1.0),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, null),
    };
}
