using System.Collections.Immutable;
using System.Globalization;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;

namespace Mammo.Torch.Training.Checks;

/// <summary>Schedules under which new layers cannot learn, which the original's users met (its issue 3).</summary>
internal static class ScheduleChecks
{
    private const double LowestRate = 1e-5;

    /// <summary>Looks for stages that never run, and at the first that runs.</summary>
    public static void Run(MammoModel model, ImmutableArray<TrainingStage> stages, Action<Finding> warn)
    {
        for (var i = 1; i < stages.Length; i++)
        {
            var before = stages.Take(i).MaxBy(stage => stage.EpochLimit)!;
            if (stages[i].EpochLimit > 0 && stages[i].EpochLimit <= before.EpochLimit)
            {
                warn(new Finding(
                    ErrorIds.TrainingOptionInvalid,
                    $"Stage '{stages[i].Name}' ends at epoch {stages[i].EpochLimit}, counted from the start of the training, so it is skipped unless "
                        + $"stage '{before.Name}' stops before its end at {before.EpochLimit}.")
                { SuggestedFix = "Ends are cumulative: set a later one." });
            }
        }

        if (stages.FirstOrDefault(stage => stage.EpochLimit > 0) is not { } first || FreshLayer(model) is not { } fresh)
            return;
        if (first != stages[0] && first.TrainableLayers.Count > stages[0].TrainableLayers.Count)
        {
            warn(new Finding(
                ErrorIds.FreshTopLayers,
                $"The head of '{model.Name}' is new (layer '{fresh}' has its first values), but stage '{stages[0].Name}' is skipped: its random "
                    + "gradients will damage the trained body.")
            { SuggestedFix = "Use -Epoch above 0." });
        }

        if (first.LearningRate < LowestRate)
            warn(new Finding(
                ErrorIds.LearningRateLow,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The head of '{model.Name}' is new (layer '{fresh}' has its first values), but the learning rate of stage '{first.Name}' is "
                    + $"{first.LearningRate:G3}: it will hardly learn."))
            { SuggestedFix = "Use 1e-4 or so for new layers." });
    }

    /// <summary>
    /// A layer of the head whose weights are those of a new layer: moving statistics 0 and 1, or an output layer's biases all 0; null when it was trained.
    /// </summary>
    private static string? FreshLayer(MammoModel model)
    {
        var head = model.Graph.Layers.Where(layer => layer.Role is LayerRole.Top or LayerRole.PatchHead && layer.SharedWith is null).ToArray();
        var norm = Array.Find(head, layer => layer.Kind is LayerKind.BatchNormalization);
        if (norm is not null)
            return All($"{norm.Name}/moving_mean", 0) && All($"{norm.Name}/moving_variance", 1) ? norm.Name : null;
        var dense = Array.FindLast(head, layer => layer.Kind is LayerKind.Dense { UseBias: true });
        return dense is not null && All($"{dense.Name}/bias", 0) ? dense.Name : null;

        bool All(string weight, float value) => Array.TrueForAll(model.Weights[weight].Values, given => given == value);
    }
}
