using System.Text.Json;

namespace Mammo.Networks.Files.Keras;

/// <summary>Careful steps into JSON of unknown shape.</summary>
internal static class KerasJson
{
    /// <summary>A member of an object; null when it is no object or lacks it.</summary>
    public static JsonElement? Member(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var member) ? member : null;

    /// <summary>A text member of an object; null when it is anything else.</summary>
    public static string? Text(JsonElement owner, string name) => Member(owner, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A list member of an object; null when it is anything else.</summary>
    public static IReadOnlyList<JsonElement>? List(JsonElement owner, string name) =>
        Member(owner, name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : null;

    /// <summary>A whole number; null when it is anything else.</summary>
    public static int? Whole(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var whole) ? whole : null;
}
