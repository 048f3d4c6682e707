using System.Text.Json.Serialization;

namespace Mammo.Networks.Graphs;

/// <summary>Border rule of convolutions and pools.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Padding>))]
public enum Padding
{
    /// <summary>No border: only windows that fit.</summary>
    Valid,

    /// <summary>TensorFlow's rule: out = ceil(in / stride), the odd pixel of the border at the bottom and right.</summary>
    Same,
}
