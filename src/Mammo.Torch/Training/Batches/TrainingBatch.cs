using System.Collections.Immutable;

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
