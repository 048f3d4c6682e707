using Mammo.Data.Images;
using Mammo.Networks.Models;

namespace Mammo.Torch.Training.Checks;

/// <summary>Refuses a training whose steps cannot fit the machine: the system would end the process without a word, perhaps after hours.</summary>
internal static class MemoryCheck
{
    /// <summary>Compares what the steps of each stage hold at least with the memory that this process may use; a GPU says itself what it has.</summary>
    /// <param name="stages">The stages.</param>
    /// <param name="options">The training's options.</param>
    /// <param name="size">Rows and columns of the images.</param>
    /// <param name="samples">Images in the training set.</param>
    /// <param name="model">Name of the model, for the message.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.NetworkTooLarge"/>.</exception>
    public static void Run(IEnumerable<TrainingStage> stages, TrainingOptions options, ImageSize size, int samples, string model)
    {
        if (TorchDevice.Parse(options.Device).type != TorchSharp.DeviceType.CPU)
            return;
        var batch = Math.Min(options.TrainBatchSize, samples);
        var most = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var bytesPerValue = options.Precision switch { Precision.Float64 => 8.0, Precision.BFloat16 => 2.0, _ => 4.0 };
        foreach (var stage in stages.Where(stage => stage.EpochLimit > 0))
        {
            var held = SegmentCuts.Held(stage.Graph, size, stage.TrainableLayers, options.GradientCheckpoint) * bytesPerValue * batch;
            if (held > most)
            {
                throw new MammoException(
                    ErrorIds.NetworkTooLarge,
                    FormattableString.Invariant(
                        $"Training '{model}' on batches of {batch} images of {size} takes at least {held / (1 << 20):0} MiB in stage ")
                        + FormattableString.Invariant($"'{stage.Name}', and this process may use {most >> 20} MiB."),
                    (options.GradientCheckpoint ? "Use a smaller -BatchSize" : "Use a smaller -BatchSize, -GradientCheckpoint")
                        + " or smaller images; -AccumulateStep makes up for smaller batches.",
                    model);
            }
        }
    }
}
