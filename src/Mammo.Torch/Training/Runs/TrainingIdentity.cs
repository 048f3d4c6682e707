using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Torch.Training.Batches;

namespace Mammo.Torch.Training.Runs;

/// <summary>What a training is, by name and value: two trainings with the same identity, device and version end with the same weights.</summary>
internal static class TrainingIdentity
{
    private const int HashDigits = 16;

    /// <summary>Options, stages and data; where files are and how they are read does not count.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled between two files.</exception>
    public static ImmutableSortedDictionary<string, string> Of(
        LayerGraph graph, TrainingOptions options, ImmutableArray<TrainingStage> stages, TrainingData data, CancellationToken cancellation)
    {
        var entries = JsonSerializer.SerializeToElement(options).EnumerateObject().ToDictionary(
            option => option.Name, option => option.Value.ToString(), StringComparer.Ordinal);
        var isOriginal = options.Compatibility == TrainingCompatibility.Keras208;

        // A model that was stopped has its last stage's weight decay and dropout; they count where no stage sets them.
        entries["Network"] = Hash(GraphJson.Write(isOriginal ? graph : StageGraph.With(graph, 0, 0, LayerRole.PatchHead, LayerRole.Heatmap, LayerRole.Top)));
        for (var i = 0; i < stages.Length; i++)
        {
            var (stage, name) = (stages[i], string.Create(CultureInfo.InvariantCulture, $"Stage {i + 1}"));
            entries[$"{name} name"] = stage.Name;
            entries[$"{name} learning rate"] = stage.LearningRate.ToString("R", CultureInfo.InvariantCulture);
            entries[$"{name} epoch limit"] = stage.EpochLimit.ToString(CultureInfo.InvariantCulture);
            entries[$"{name} layers"] = Hash(string.Join('\n', stage.TrainableLayers.Order(StringComparer.Ordinal)));
            entries[$"{name} weight decay and dropout"] = Hash(GraphJson.Write(stage.Graph));
        }

        entries["Preparation"] = JsonSerializer.Serialize(data.Preparation);
        if (data.Dicom.Identity is { Length: > 0 } reading)
            entries["DICOM"] = reading;
        entries["Augmentation"] = JsonSerializer.Serialize(data.Augmentation);
        if (isOriginal)
            entries["Validation held in memory"] = data.LoadValidationRam.ToString();
        if (data.HardNegatives is { } mining)
        {
            entries["Hard negatives"] = string.Create(
                CultureInfo.InvariantCulture, $"{mining.Count} of a film of {mining.ImageSize} every {mining.Every} epochs");
            entries["Hard negative films"] = DatasetFingerprint.Of(mining.Films, cancellation);
        }

        entries[ModelPart.TrainingImagesKey] = DatasetFingerprint.Of(data.Train, cancellation);
        entries["Validation images"] = DatasetFingerprint.Of(data.Validation, cancellation);
        return entries.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    /// <summary>The entries in which two trainings differ, as sentences; empty when they are the same.</summary>
    public static IEnumerable<string> Differences(
        ImmutableSortedDictionary<string, string> checkpoint, ImmutableSortedDictionary<string, string> now) => checkpoint.Keys.Union(now.Keys)
        .Where(name => checkpoint.GetValueOrDefault(name) != now.GetValueOrDefault(name))
        .Select(name => $"{name} was {checkpoint.GetValueOrDefault(name, "not there")}, is {now.GetValueOrDefault(name, "not there")}");

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashDigits].ToLowerInvariant();
}
