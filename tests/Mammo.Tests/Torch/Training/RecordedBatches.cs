using Mammo.Torch.Training.Batches;

namespace Mammo.Tests.Torch.Training;

/// <summary>Batches given beforehand.</summary>
internal sealed class RecordedBatches(IReadOnlyList<TrainingBatch> batches) : IBatchSource
{
    public int SampleCount { get; init; } = batches.Sum(batch => batch.Samples.Length);

    public IEnumerable<TrainingBatch> Batches(long first, int count, CancellationToken cancellation) => batches.Skip((int)first).Take(count);
}
