using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Mammo.Data.Examination;

namespace Mammo.Networks.Models;

/// <summary>
/// One network of an ensemble, as the ensemble's card describes it: what is known of this network alone. Classes and preparation are those of the ensemble.
/// </summary>
/// <param name="Name">Its name in the ensemble: its layers are named <c>NAME/layer</c> there.</param>
/// <param name="Network">Name of its network.</param>
public sealed record ModelPart(string Name, string Network)
{
    /// <summary>Name of the fingerprint of the training images in <c>identity</c> of <see cref="Training"/>.</summary>
    internal const string TrainingImagesKey = "Training images";

    /// <summary>Name of its architecture; null when unknown.</summary>
    public string? Architecture { get; init; }

    /// <summary>Where it comes from, step by step.</summary>
    public ImmutableArray<string> Lineage { get; init; } = [];

    /// <summary>Licence of its weights; null when unknown.</summary>
    public string? License { get; init; }

    /// <summary>What it was trained on; null when unknown.</summary>
    public string? TrainedOn { get; init; }

    /// <summary>What its training images looked like; null when unknown.</summary>
    public InputProfile? Inputs { get; init; }

    /// <summary>SHA-256 of its weights under the names that they have in the network alone; checked when a file is read.</summary>
    public string? WeightHash { get; init; }

    /// <summary>How it did on images that it was not trained on; null when that was not measured.</summary>
    public ModelMeasurement? Measurement { get; init; }

    /// <summary>How its own scores become probabilities; the ensemble's scores are averaged without it.</summary>
    public CardCalibration? Calibration { get; init; }

    /// <summary>The thresholds at which it decides alone; the ensemble has its own.</summary>
    public CardDecision? Decision { get; init; }

    /// <summary>Record of its training; null when it was not trained here.</summary>
    public JsonObject? Training { get; init; }

    /// <summary>Seed of its training; null when unknown.</summary>
    [JsonIgnore]
    public long? Seed => long.TryParse(Training?["seed"]?.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed) ? seed : null;

    /// <summary>Hashes of the splits that its training images are of; empty when unknown.</summary>
    [JsonIgnore]
    public ImmutableArray<string> Splits => Training?["splits"] is JsonArray hashes
        ? [.. hashes.Select(hash => hash is JsonValue value && value.TryGetValue<string>(out var text) ? Printable.Of(text) : "")
            .Where(text => text.Length > 0)]
        : [];

    /// <summary>Fingerprint of its training images; null when unknown.</summary>
    [JsonIgnore]
    internal string? TrainingImages =>
        Training?["identity"] is JsonObject identity && identity[TrainingImagesKey] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>What a card says of its network alone.</summary>
    /// <param name="name">The part's name.</param>
    /// <param name="model">The model.</param>
    internal static ModelPart Of(string name, MammoModel model) => new(name, model.Graph.Name)
    {
        Architecture = model.Card.Architecture,
        Lineage = model.Card.Lineage,
        License = model.Card.License,
        TrainedOn = model.Card.TrainedOn,
        Inputs = model.Card.Inputs,
        WeightHash = Models.WeightHash.Computed(model),
        Measurement = model.Card.Measurement,
        Calibration = model.Card.Calibration,
        Decision = model.Card.Decision,
        Training = Copy(model.Card.Training),
    };

    /// <summary>What a card says for all networks alike: classes, preparation, and all else that <see cref="Of"/> does not take.</summary>
    internal static ModelCard Common(ModelCard card) => new ModelPart("", "").Card(card);

    /// <summary>The card of the part as a model of its own.</summary>
    /// <param name="ensemble">The ensemble's card.</param>
    internal ModelCard Card(ModelCard ensemble) => ensemble with
    {
        Architecture = Architecture,
        Lineage = Lineage,
        License = License,
        TrainedOn = TrainedOn,
        Inputs = Inputs,
        WeightHash = WeightHash,
        Measurement = Measurement,
        Calibration = Calibration,
        Decision = Decision,
        Training = Copy(Training),
        Parts = [],
    };

    /// <summary>The part with texts that can be shown, as every card that is read.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelFileInvalid"/>: it has no name, or its calibration or threshold is invalid.</exception>
    internal ModelPart Checked()
    {
        if (Name is null || Network is null)
            throw new MammoException(ErrorIds.ModelFileInvalid, "A part of the ensemble in the model card has no name or network.");
        if ((Calibration?.Map.Complaint ?? Decision?.Rule.Complaint) is { } complaint)
            throw new MammoException(ErrorIds.ModelFileInvalid, $"The calibration or threshold of the part '{Name}' is invalid: {complaint}.");
        return this with
        {
            Lineage = Lineage.IsDefault ? [] : [.. Lineage.Select(step => Printable.Of(step ?? ""))],
            License = License is null ? null : Printable.Of(License),
            TrainedOn = TrainedOn is null ? null : Printable.Of(TrainedOn),
            Architecture = Architecture is null ? null : Printable.Of(Architecture),
            WeightHash = WeightHash is null ? null : Printable.Of(WeightHash),
        };
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string?[] facts =
        [
            Architecture ?? Network,
            Seed is { } seed ? string.Create(CultureInfo.InvariantCulture, $"seed {seed}") : null,
            Splits.IsEmpty ? null : $"split {string.Join(' ', Splits.Select(Short))}",
            Measurement?.ToString(),
            WeightHash is null ? null : $"weights {Short(WeightHash)}",
        ];
        return $"{Name}: {string.Join(", ", facts.OfType<string>())}";
    }

    private static string Short(string hash) => hash[..Math.Min(8, hash.Length)];

    // A JSON object belongs to one card.
    private static JsonObject? Copy(JsonObject? record) => record?.DeepClone().AsObject();
}
