using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Mammo.Networks.Graphs;

/// <summary>
/// One call of a layer. A layer that is called several times is in the graph once per call, and the later calls name the first as their
/// <see cref="SharedWith"/>.
/// </summary>
/// <param name="Name">Unique in the graph; nested models give path names (<c>model_1/block1_conv1</c>).</param>
/// <param name="Kind">What it does.</param>
/// <param name="Inputs">Names of the layers whose outputs it takes, in order; empty for inputs.</param>
public sealed record Layer(string Name, LayerKind Kind, ImmutableArray<string> Inputs)
{
    /// <summary>Name of the layer whose weights this call uses; null when they are its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SharedWith { get; init; }

    /// <summary>Part of the method that the layer belongs to.</summary>
    public LayerRole Role { get; init; }

    /// <summary>Name under which the weights are kept.</summary>
    [JsonIgnore]
    public string WeightOwner => SharedWith ?? Name;
}
