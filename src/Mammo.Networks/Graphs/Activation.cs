using System.Text.Json.Serialization;

namespace Mammo.Networks.Graphs;

/// <summary>Activation functions of Keras 2, element by element except softmax, which runs over the channels (the last Keras axis).</summary>
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
}
