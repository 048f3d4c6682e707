using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace Mammo.Networks.Models;

/// <summary>
/// The patients on whose images a model was trained, as its card holds them: as hashes, which find a patient again who is known, and name nobody.
/// </summary>
public static class TrainedPatients
{
    /// <summary>Name of the entry in <see cref="ModelCard.Training"/>.</summary>
    public const string Key = "trainingPatients";

    /// <summary>The entry for patients and those of earlier trainings; patients that are not known are left out.</summary>
    public static JsonArray Of(IEnumerable<string?> patients, ModelCard before)
    {
        var hashes = patients.OfType<string>().Where(patient => !string.IsNullOrWhiteSpace(patient)).Select(PatientIds.Hash)
            .Union(In(before), StringComparer.Ordinal);
        return new([.. hashes.Order(StringComparer.Ordinal).Select(hash => JsonValue.Create(hash))]);
    }

    /// <summary>
    /// Hashes of the patients that a card knows, those of all parts of an ensemble; empty for a model that was not trained here, or without patients.
    /// </summary>
    public static FrozenSet<string> In(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        return card.Parts.Select(part => part.Training).Append(card.Training)
            .SelectMany(training => training?[Key] as JsonArray ?? [])
            .Select(hash => hash is JsonValue value && value.TryGetValue<string>(out var text) ? text : "").ToFrozenSet(StringComparer.Ordinal);
    }
}
