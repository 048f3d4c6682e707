using System.Text.Json.Serialization;

namespace Mammo.Networks.Architectures;

/// <summary>Kind of the convolutional blocks of a head.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TopBlock>))]
public enum TopBlock
{
    /// <summary>Bottleneck residual blocks; the first of a group halves the map.</summary>
    ResNet,

    /// <summary>3×3 convolutions, then a 2×2 max pool.</summary>
    Vgg,
}
