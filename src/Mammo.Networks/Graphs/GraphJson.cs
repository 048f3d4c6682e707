using System.Text.Json;

namespace Mammo.Networks.Graphs;

/// <summary>A network as JSON: the form in which it is in safetensors metadata and checkpoints.</summary>
public static class GraphJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        MaxDepth = 16,
    };

    /// <summary>Writes the network, compact, invariant.</summary>
    public static string Write(LayerGraph graph) => JsonSerializer.Serialize(graph, Options);

    /// <summary>Writes one layer, in the form in which it is in its network.</summary>
    public static string Write(Layer layer) => JsonSerializer.Serialize(layer, Options);

    /// <summary>Reads what <see cref="Write(LayerGraph)"/> wrote.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelGraphInvalid"/>: not a network.</exception>
    public static LayerGraph Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<LayerGraph>(json, Options)
                ?? throw new MammoException(ErrorIds.ModelGraphInvalid, "The network description is empty.");
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException or ArgumentException or OverflowException)
        {
            throw new MammoException(ErrorIds.ModelGraphInvalid, $"The network description is not valid: {failure.Message}", inner: failure);
        }
    }
}
