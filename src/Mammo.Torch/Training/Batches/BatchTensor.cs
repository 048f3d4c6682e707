using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Mammo.Torch.Training.Batches;

/// <summary>Batches as tensors in Keras's order.</summary>
internal static class BatchTensor
{
    /// <summary>(n, rows, columns, channels) in float32 on the CPU; without a copy for each channel where all channels of all samples are the same plane.</summary>
    public static Tensor Of(TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        var channels = batch.Samples[0].Channels.Length;
        var stored = batch.Samples.All(sample => sample.Channels.All(plane => ReferenceEquals(plane, sample.Channels[0]))) ? 1 : channels;
        var planes = empty([batch.Samples.Length, stored, batch.Height, batch.Width], ScalarType.Float32);
        var target = MemoryMarshal.Cast<byte, float>(planes.bytes);
        var size = batch.Height * batch.Width;
        for (var sample = 0; sample < batch.Samples.Length; sample++)
        {
            for (var channel = 0; channel < stored; channel++)
                batch.Samples[sample].Channels[channel].CopyTo(target.Slice(((sample * stored) + channel) * size, size));
        }

        return planes.permute(0, 2, 3, 1).expand(-1, -1, -1, channels).MoveToOuterDisposeScope();
    }
}
