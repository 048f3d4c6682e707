using System.Text.Json;

namespace Mammo.Networks.Models;

/// <summary>A model card as JSON: the form in which it travels in the metadata of model files.</summary>
internal static class CardJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        MaxDepth = 32,
    };

    /// <summary>Writes the card, compact, invariant.</summary>
    public static string Write(ModelCard card) => JsonSerializer.Serialize(card, Options);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelFileInvalid"/>: not a card.</exception>
    public static ModelCard Read(string json)
    {
        try
        {
            var card = JsonSerializer.Deserialize<ModelCard>(json, Options)
                ?? throw new MammoException(ErrorIds.ModelFileInvalid, "The model card is empty.");
            return card with { Classes = card.Classes.IsDefault ? [] : card.Classes, Lineage = card.Lineage.IsDefault ? [] : card.Lineage };
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException or ArgumentException)
        {
            throw new MammoException(ErrorIds.ModelFileInvalid, $"The model card is not valid: {failure.Message}", inner: failure);
        }
    }
}
