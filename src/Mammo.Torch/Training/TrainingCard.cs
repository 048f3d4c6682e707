using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Mammo.Data.Dicom;
using Mammo.Data.Examination;
using Mammo.Networks.Models;

namespace Mammo.Torch.Training;

/// <summary>Cards of trained models.</summary>
internal static class TrainingCard
{
    /// <summary>The model's card after a training: classes and preparation of its data, a step in the lineage, and the record of the training.</summary>
    public static ModelCard Of(ModelCard before, TrainingData data, TrainingOptions options, TrainingState state, InputProfile seen)
    {
        var preparation = data.Preparation;
        var record = Record(before, data, options, state);
        var (scale, factor) = ModelPreparation.Scaling(before, preparation.TargetScale, preparation.RescaleFactor);

        // A training that was stopped and goes on is one step.
        var isSame = !before.Lineage.IsEmpty && JsonNode.DeepEquals(before.Training?["identity"], record["identity"]);
        return before with
        {
            Classes = data.Train.Classes,
            ImageSize = preparation.Size,
            TargetScale = scale,
            RescaleFactor = factor,
            FeaturewiseMean = preparation.FeaturewiseMean ?? 0,
            EqualizeHistogram = preparation.EqualizeHistogram,
            AutoLevel = preparation.AutoLevel,
            LocalContrast = preparation.LocalContrast,
            Voi = seen.VoiUsed.IsEmpty ? null : $"{data.Dicom.Voi ?? DicomVoi.Auto}",
            Orient = !seen.VoiUsed.IsEmpty && data.Dicom.Orient == true,
            Inputs = seen,
            TrainedOn = data.Train.Name,
            Lineage = [
                .. isSame ? before.Lineage.RemoveAt(before.Lineage.Length - 1) : before.Lineage,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"trained on '{data.Train.Name}' ({data.Train.Count} images), {state.Epochs.Length} epochs, best {state.Best.Epoch} with "
                    + $"{options.BestBy} {state.Best.Score:F4}")],
            WeightHash = null,
            Measurement = null,
            Calibration = null,
            Decision = null,
            Training = record,
        };
    }

    private static JsonObject Record(ModelCard before, TrainingData data, TrainingOptions options, TrainingState state)
    {
        var record = Everything(before, data, options, state);
        if (data.HardNegatives is { } mining)
            record["hardNegatives"] = new JsonObject
            {
                ["films"] = mining.Films.Count,
                ["imageSize"] = $"{mining.ImageSize}",
                ["everyEpochs"] = mining.Every,
                ["ofFilm"] = mining.Count,
                ["mined"] = state.HardNegatives.Length,
                ["meanScore"] = state.Epochs.IsEmpty ? null : state.Epochs[^1].HardNegativeScore,
            };
        return record;
    }

    private static JsonObject Everything(ModelCard before, TrainingData data, TrainingOptions options, TrainingState state) => new()
    {
        ["identity"] = new JsonObject(state.Identity.Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, entry.Value))),
        ["trainingImages"] = data.Train.Count,
        ["validationImages"] = data.Validation.Count,
        [TrainedPatients.Key] = TrainedPatients.Of(
            data.Train.Images.Concat(data.HardNegatives?.Films.Images ?? []).Select(image => image.Patient), before),
        ["splits"] = new JsonArray([.. data.Train.Splits.Select(hash => JsonValue.Create(hash))]),
        ["seed"] = options.Seed,
        ["epochs"] = state.Epochs.Length,
        ["bestEpoch"] = state.Best.Epoch,
        ["bestBy"] = options.BestBy.ToString(),
        ["bestScore"] = state.Best.Score,
        ["mammo"] = VersionOf(typeof(TrainingCard)),
        ["torchSharp"] = VersionOf(typeof(TorchSharp.torch)),
    };

    private static string? VersionOf(Type type) => type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
}
