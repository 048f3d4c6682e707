using System.Text.Json.Serialization;

namespace Mammo.Networks.Graphs;

/// <summary>Activation functions of Keras, element by element except softmax, which runs over the channels (the last Keras axis).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Activation>))]
public enum Activation
{
    /// <summary>Identity.</summary>
    Linear,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>exp(x) normalised over the channels.</summary>
    Softmax,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>x for x above 0, else exp(x) - 1.</summary>
    Elu,

    /// <summary>Scaled ELU with Keras's constants.</summary>
    Selu,

    /// <summary>log(1 + exp(x)).</summary>
    Softplus,

    /// <summary>x / (1 + |x|).</summary>
    Softsign,

    /// <summary>clip(0.2 x + 0.5, 0, 1), Keras's form.</summary>
    HardSigmoid,

    /// <summary>min(max(x, 0), 6).</summary>
    Relu6,

    /// <summary>x / (1 + exp(-x)); Keras also calls it silu.</summary>
    Swish,

    /// <summary>x/2 · (1 + erf(x / √2)), the exact form (Hendrycks and Gimpel 2016).</summary>
    Gelu,

    /// <summary>x · clip(x + 3, 0, 6) / 6; Keras also calls it hard_silu.</summary>
    HardSwish,

    /// <summary>clip(x + 3, 0, 6) / 6: what Keras 3 calls hard_sigmoid.</summary>
    HardSigmoid6,

    /// <summary>exp(x).</summary>
    Exponential,
}
