using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Mammo.Data.Examination;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Evaluation.Measurement;
using Mammo.Evaluation.Roc;

namespace Mammo.Networks.Models;

/// <summary>What a person and a program must know to use a model rightly; travels with it in every file.</summary>
public sealed record ModelCard
{
    /// <summary>Class names in the order of the outputs; empty when unknown.</summary>
    public ImmutableArray<string> Classes { get; init; } = [];

    /// <summary>Rows and columns of the images it was trained on; null when open.</summary>
    public ImageSize? ImageSize { get; init; }

    /// <summary>Input channels: 3 equal planes, 1, or 2 (with local contrast, the z-score in the breast before it).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Factor from stored integers to the 0..255 scale (255/65535 for 16 bit); null when unknown.</summary>
    public double? RescaleFactor { get; init; }

    /// <summary>Value that each image's own maximum becomes before the rescale factor; null where images are not scaled one by one.</summary>
    public double? TargetScale { get; init; }

    /// <summary>
    /// Feature-wise mean that is subtracted after rescaling, on the 0..255 scale: one number, or one for each input channel in their order; null when unknown.
    /// </summary>
    public FeaturewiseMean? FeaturewiseMean { get; init; }

    /// <summary>Histogram equalisation belongs to the preparation.</summary>
    public bool EqualizeHistogram { get; init; }

    /// <summary>Stretching each image to the full range of its bit depth belongs to the preparation.</summary>
    public bool AutoLevel { get; init; }

    /// <summary>
    /// Local contrast belongs to the preparation: deviation of its Gaussian in pixels of the images that the network is given; of a patch classifier, in those
    /// of the films that its patches were cut from. Null for none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LocalContrast { get; init; }

    /// <summary>The outputs of a network without a softmax are probabilities as they are: its user said so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OutputsAreProbabilities { get; init; }

    /// <summary>Which values of DICOM files it was trained on, as <c>-Voi</c> takes them; null when it was not trained on DICOM files, or it is
    /// unknown.</summary>
    public string? Voi { get; init; }

    /// <summary>It was trained on DICOM images that were turned as mammograms hang.</summary>
    public bool Orient { get; init; }

    /// <summary>Name of the architecture (<c>vgg16</c>, <c>resnet50 + [512-512-1024]x2</c>); null when unknown.</summary>
    public string? Architecture { get; init; }

    /// <summary>Where it comes from: the file it was read from, the program that wrote it, and every step since.</summary>
    public ImmutableArray<string> Lineage { get; init; } = [];

    /// <summary>Licence of the weights; null when unknown.</summary>
    public string? License { get; init; }

    /// <summary>What it was trained on; null when unknown.</summary>
    public string? TrainedOn { get; init; }

    /// <summary>What the training images looked like; null when unknown.</summary>
    public InputProfile? Inputs { get; init; }

    /// <summary>SHA-256 of the weights in canonical layout (lower-case hex); filled when the model is written or read.</summary>
    public string? WeightHash { get; init; }

    /// <summary>How it did on images that it was not trained on; null when that was not measured.</summary>
    public ModelMeasurement? Measurement { get; init; }

    /// <summary>How its scores become probabilities; null without a calibration (New-MammoCalibration).</summary>
    public CardCalibration? Calibration { get; init; }

    /// <summary>The thresholds at which it decides; null without any.</summary>
    public CardDecision? Decision { get; init; }

    /// <summary>Record of the training: data fingerprint, options, seed, best epoch and its score; null for models not trained here.</summary>
    public JsonObject? Training { get; init; }

    /// <summary>The networks of an ensemble, whose probabilities are averaged; empty for a model that is one network.</summary>
    public ImmutableArray<ModelPart> Parts { get; init; } = [];
}

/// <summary>How a model did on images that it was not trained on, as its card says it.</summary>
/// <param name="MeasuredOn">Which images.</param>
/// <param name="Count">Number of images.</param>
/// <param name="Positives">How many are of the positive class.</param>
/// <param name="Auc">Area under the ROC curve of the positive class (the last one), to which the interval belongs.</param>
/// <param name="Lower">Lower end of its 95% interval, by patient where patients are known; null when there is none.</param>
/// <param name="Upper">Upper end of its 95% interval.</param>
public sealed record ModelMeasurement(string MeasuredOn, int Count, int Positives, double Auc, double? Lower, double? Upper)
{
    /// <summary>A measurement in a card's words.</summary>
    public static ModelMeasurement Of(MammoMeasurement measurement, string measuredOn)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        return new ModelMeasurement(
            measuredOn,
            measurement.Count,
            measurement.Positives,
            measurement.ClassAuc.Values.Last(),
            measurement.AucEstimate.Preferred?.Lower,
            measurement.AucEstimate.Preferred?.Upper);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"AUC {Auc:0.000}{(Lower is null ? "" : FormattableString.Invariant($" (95% interval {Lower:0.000} to {Upper:0.000})"))} "
            + $"on {MeasuredOn}, {Count} images, {Positives} positive");
}

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
            if ((card.Calibration?.Map.Complaint ?? card.Decision?.Rule.Complaint) is { } complaint)
                throw new MammoException(ErrorIds.ModelFileInvalid, $"The calibration or threshold of the model card is invalid: {complaint}.");
            return card with
            {
                Classes = card.Classes.IsDefault ? [] : card.Classes,
                Lineage = card.Lineage.IsDefault ? [] : [.. card.Lineage.Select(step => Printable.Of(step ?? ""))],
                License = card.License is null ? null : Printable.Of(card.License),
                TrainedOn = card.TrainedOn is null ? null : Printable.Of(card.TrainedOn),
                Architecture = card.Architecture is null ? null : Printable.Of(card.Architecture),
                LocalContrast = card.LocalContrast is not (null or (> 0 and <= Preparation.HighestLocalContrast))
                    ? throw new MammoException(ErrorIds.ModelFileInvalid, "The local contrast of the model card is invalid.") : card.LocalContrast,
                Parts = card.Parts.IsDefault ? [] : [.. card.Parts.Select(part => part?.Checked()
                    ?? throw new MammoException(ErrorIds.ModelFileInvalid, "A part of the ensemble in the model card is empty."))],
            };
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException or ArgumentException)
        {
            throw new MammoException(ErrorIds.ModelFileInvalid, $"The model card is not valid: {failure.Message}", inner: failure);
        }
    }
}
