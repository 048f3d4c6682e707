using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Mammo.Data.Images;
using static TorchSharp.torch;

namespace Mammo.Torch.Training.Batches;

/// <summary>Samples of one size that go through the network together.</summary>
/// <param name="Height">Rows of every plane.</param>
/// <param name="Width">Columns of every plane.</param>
/// <param name="Samples">The samples.</param>
internal sealed record TrainingBatch(int Height, int Width, ImmutableArray<TrainingSample> Samples)
{
    /// <summary>Labels of the samples.</summary>
    public int[] Labels => [.. Samples.Select(sample => sample.Label)];
}

/// <summary>One image as the network gets it.</summary>
/// <param name="Channels">Planes of height × width values, row by row; equal channels may be the same array.</param>
/// <param name="Label">Index of the class.</param>
/// <param name="Weight">The sample's own weight; 1 unless the dataset says otherwise.</param>
/// <param name="Source">Where it comes from, for messages.</param>
internal sealed record TrainingSample(float[][] Channels, int Label, double Weight, string Source)
{
    /// <summary>Labels of the positions of the heatmap, row by row; null when they are not trained.</summary>
    public sbyte[]? RoiLabels { get; init; }
}

/// <summary>A hard negative, cut from a film.</summary>
/// <param name="Pixels">Its grey values, as a patch's file would have them.</param>
/// <param name="Label">Label of the background.</param>
/// <param name="Source">The film, for messages.</param>
internal sealed record MinedPatch(GreyImage Pixels, int Label, string Source);

/// <summary>Gives batches by their numbers: images from files, or batches recorded elsewhere.</summary>
internal interface IBatchSource
{
    /// <summary>Samples in the dataset.</summary>
    int SampleCount { get; }

    /// <summary>The batches <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1 of the endless sequence, in order.</summary>
    /// <exception cref="MammoException">An image cannot be read.</exception>
    IEnumerable<TrainingBatch> Batches(long first, int count, CancellationToken cancellation);
}

/// <summary>Batches as tensors in Keras's order.</summary>
internal static class BatchTensor
{
    /// <summary>
    /// (n, rows, columns, channels) in float32 on the CPU; without a copy for each channel where all channels of all samples are the same plane.
    /// </summary>
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
