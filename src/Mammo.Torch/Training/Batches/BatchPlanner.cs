using System.Collections.Immutable;
using Mammo.Data.Augmentation;
using Mammo.Data.Images;
using Mammo.Data.Numerics;

namespace Mammo.Torch.Training.Batches;

/// <summary>
/// The endless sequence of training batches: pass after pass over all samples, each in an order of its own. Any batch can be asked for by its number alone,
/// so that a resumed run goes on
/// where another stopped and the number of workers changes nothing.
/// </summary>
/// <param name="sampleCount">Samples in the dataset.</param>
/// <param name="batchSize">Samples in a batch; the last batch of a pass may have fewer.</param>
/// <param name="seed">The user's seed.</param>
/// <param name="compatibility">
/// Default: a pass's order depends on seed and pass, a sample's transform on seed, pass and sample. Keras208: numpy's generator is seeded with seed + number
/// of batches before every batch and gives the
/// permutation (first batch of a pass) and then the transforms of the batch, one sample after the other.
/// </param>
internal sealed class BatchPlanner(int sampleCount, int batchSize, int seed, TrainingCompatibility compatibility)
{
    private const int OrderUse = 1;
    private const int TransformUse = 2;
    private const int ReplacementUse = 3;
    private (long Pass, int[] Order) _latest = (-1, []);

    /// <summary>The ranges of the random transforms; null for none.</summary>
    public AugmentationOptions? Augmentation { get; init; }

    /// <summary>False: the samples stay in the dataset's order.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Size of the images as they are transformed.</summary>
    public ImageSize Size { get; init; }

    /// <summary>Channels of the network's input.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Batches in a pass.</summary>
    public int BatchesInPass => (sampleCount + batchSize - 1) / batchSize;

    /// <summary>The batch of that number, counted from 0 at the start of the training. Not safe for several threads.</summary>
    public BatchPlan Plan(long number)
    {
        var (pass, position) = Math.DivRem(number, BatchesInPass);
        if (_latest.Pass != pass)
            _latest = (pass, Order(pass));
        var start = (int)position * batchSize;
        ImmutableArray<int> indices = [.. _latest.Order.AsSpan(start, Math.Min(batchSize, sampleCount - start))];
        return new BatchPlan(indices, Augmentation is null ? [] : Draws(number, indices));
    }

    /// <summary>Which of some samples give their places to others in an epoch: random ones, new in each.</summary>
    /// <param name="first">Number of the epoch's first batch.</param>
    /// <param name="samples">The samples that can be replaced.</param>
    /// <param name="count">How many of them, at most all.</param>
    public IEnumerable<int> Replaced(long first, IReadOnlyList<int> samples, int count) =>
        Generator(ReplacementUse, first).Permutation(samples.Count).Take(count).Select(i => samples[i]);

    private int[] Order(long pass)
    {
        if (!Shuffle)
            return [.. Enumerable.Range(0, sampleCount)];
        var random = compatibility == TrainingCompatibility.Keras208 ? KerasGenerator(pass * BatchesInPass) : Generator(OrderUse, pass);
        return random.Permutation(sampleCount);
    }

    private ImmutableArray<AugmentationDraw> Draws(long number, ImmutableArray<int> indices)
    {
        if (compatibility != TrainingCompatibility.Keras208)
            return [.. indices.Select(index => Draw(Generator(TransformUse, number / BatchesInPass, index)))];
        var random = KerasGenerator(number);
        if (Shuffle && number % BatchesInPass == 0)
            random.Permutation(sampleCount);
        return [.. indices.Select(_ => Draw(random))];
    }

    private AugmentationDraw Draw(NumpyRandom random) => AugmentationDraw.Draw(Augmentation!, Size, Channels, random);

    private NumpyRandom KerasGenerator(long batchesBefore) => new(unchecked((uint)(seed + batchesBefore)));

    private NumpyRandom Generator(int use, long pass, int index = 0)
    {
        var mixed = Seeds.Mix(Seeds.Mix(Seeds.Mix((ulong)seed, use), (int)pass), index);
        return new NumpyRandom((uint)(mixed >> 32));
    }
}

/// <summary>What a batch consists of, before any pixel is read.</summary>
/// <param name="Indices">Positions of its samples in the dataset.</param>
/// <param name="Draws">The random transform of each sample; empty without augmentation.</param>
internal sealed record BatchPlan(ImmutableArray<int> Indices, ImmutableArray<AugmentationDraw> Draws);
