using System.Text.Json.Nodes;

namespace Mammo.Networks.Models;

/// <summary>In what the cards of two models differ that are to be one, in words.</summary>
internal static class CardDifferences
{
    // Of these, no value is a decision, not a gap.
    private static readonly string[] Optional = ["local_contrast", "target_scale"];

    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["auto_level"] = "auto-level",
        ["channels"] = "channels of the network's input",
        ["equalize_histogram"] = "histogram equalisation",
        ["featurewise_mean"] = "feature-wise mean",
        ["image_size"] = "size of the images",
        ["local_contrast"] = "deviation of local contrast",
        ["orient"] = "turning of DICOM images",
        ["outputs_are_probabilities"] = "outputs that are probabilities as they are",
        ["voi"] = "values of DICOM files",
    };

    /// <summary>The properties in which they differ, each with both values: <c>rescale factor (1 and not known)</c>. Classes are left out.</summary>
    public static IEnumerable<string> Of(ModelCard first, ModelCard other)
    {
        var (mine, theirs) = (Json(first), Json(other));
        return mine.Select(pair => pair.Key).Union(theirs.Select(pair => pair.Key), StringComparer.Ordinal)
            .Where(key => key != "classes" && !JsonNode.DeepEquals(mine[key], theirs[key]))
            .Select(key => $"{Words.GetValueOrDefault(key, key.Replace('_', ' '))} ({Text(key, mine[key])} and {Text(key, theirs[key])})");
    }

    private static JsonObject Json(ModelCard card) => JsonNode.Parse(CardJson.Write(card))!.AsObject();

    private static string Text(string key, JsonNode? value) => value switch
    {
        null => Optional.Contains(key, StringComparer.Ordinal) ? "none" : "not known",
        JsonObject size when key == "image_size" => $"{size["height"]}x{size["width"]}",
        JsonValue one when one.TryGetValue<bool>(out var isSo) => isSo ? "yes" : "no",
        JsonValue one when one.TryGetValue<string>(out var text) => text,
        _ => value.ToJsonString(),
    };
}
