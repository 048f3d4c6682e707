using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mammo.Torch.Training;

/// <summary>What one epoch brought.</summary>
public sealed record EpochRecord
{
    /// <summary>Number of the epoch, 1 for the first, counted over all stages.</summary>
    public required int Epoch { get; init; }

    /// <summary>Name of the stage.</summary>
    public required string Stage { get; init; }

    /// <summary>Mean loss of the training batches, sample weights and weight penalty included.</summary>
    public required double Loss { get; init; }

    /// <summary>Share of training samples classified rightly, unweighted, 0..1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Validation loss, weight penalty included: what early stopping and the plateau go by.</summary>
    public required double ValidationLoss { get; init; }

    /// <summary>Validation loss without the weight penalty.</summary>
    public required double ValidationCrossEntropy { get; init; }

    /// <summary>Share of validation samples classified rightly, 0..1.</summary>
    public required double ValidationAccuracy { get; init; }

    /// <summary>Mean over the classes of the AUC on the validation set; 0 when a class is missing there.</summary>
    public required double Auc { get; init; }

    /// <summary>One-vs-rest AUC of each class; empty when a class is missing in the validation set.</summary>
    public required ImmutableArray<double> ClassAuc { get; init; }

    /// <summary>Learning rate of the epoch's last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>This epoch is the best so far; its weights are kept.</summary>
    public required bool IsBest { get; init; }

    /// <summary>Hard negatives among the training patches, in the places of as many others of the background; 0 without mining.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int HardNegative { get; init; }

    /// <summary>Their mean probability of being no background when they were mined, 0..1; null where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? HardNegativeScore { get; init; }

    /// <summary>Duration in seconds, mining and validation included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training images per second, validation not counted.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Share of the training time spent waiting for images, 0..1.</summary>
    public required double WaitingShare { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant(
            $"epoch {Epoch} ({Stage}): loss {Loss:F4}, validation loss {ValidationLoss:F4}, accuracy {ValidationAccuracy:F4}, AUC {Auc:F4}")
            + (HardNegative > 0 ? FormattableString.Invariant($", {HardNegative} hard negatives (mean score {HardNegativeScore:F4})") : "");
}

/// <summary>Epochs as a file of JSON lines, one epoch a line.</summary>
public static class EpochLog
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>
    /// Writes the file anew with all epochs, so that it says the same as the checkpoint even where a training was killed between the two; it appears whole or
    /// not at all.
    /// </summary>
    /// <param name="path">The file; its folder is made if it is missing.</param>
    /// <param name="epochs">All epochs so far.</param>
    public static void Write(string path, IEnumerable<EpochRecord> epochs)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        AtomicFile.Write(path, stream =>
        {
            foreach (var epoch in epochs)
            {
                JsonSerializer.Serialize(stream, epoch, Json);
                stream.WriteByte((byte)'\n');
            }
        });
    }
}
