namespace Mammo.Torch.Training.Batches;

/// <summary>Gives batches by their numbers: images from files, or batches recorded elsewhere.</summary>
internal interface IBatchSource
{
    /// <summary>Samples in the dataset.</summary>
    int SampleCount { get; }

    /// <summary>The batches <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1 of the endless sequence, in order.</summary>
    /// <exception cref="MammoException">An image cannot be read.</exception>
    IEnumerable<TrainingBatch> Batches(long first, int count, CancellationToken cancellation);
}
