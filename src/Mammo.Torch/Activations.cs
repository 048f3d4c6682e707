using Mammo.Networks.Graphs;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Mammo.Torch;

/// <summary>Keras's activation functions on torch tensors.</summary>
internal static class Activations
{
    // Elu, softplus and softsign are composed: torch's own take numbers that TorchSharp would convert (see Number). These forms overflow nowhere.

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
        Activation.Elu => x.relu().add(x.neg().relu().neg().expm1(), Number.Of(1)),
        Activation.Selu => F.selu(x),
        Activation.Softplus => x.relu().add(x.abs().neg().exp().log1p(), Number.Of(1)),
        Activation.Softsign => x / x.abs().add(Number.Of(1), Number.Of(1)),
        Activation.HardSigmoid => (x * Number.Of(0.2)).add(Number.Of(0.5), Number.Of(1)).clamp(Number.Of(0), Number.Of(1)),
        Activation.Relu6 => x.clamp(Number.Of(0), Number.Of(6)),
        Activation.Swish => F.silu(x),
        Activation.Gelu => F.gelu(x),
        Activation.HardSwish => x * ToSixth(x),
        Activation.HardSigmoid6 => ToSixth(x),
        Activation.Exponential => x.exp(),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, null),
    };

    private static Tensor ToSixth(Tensor x) => x.add(Number.Of(3), Number.Of(1)).clamp(Number.Of(0), Number.Of(6)).div(Number.Of(6));
}
