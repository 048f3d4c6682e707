using System.Collections.Immutable;
using Mammo.Data.Augmentation;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Data.Loading;
using Mammo.Data.Patches;

namespace Mammo.Torch.Training.Batches;

/// <summary>Batches of images from files, read and transformed ahead by workers in a bounded queue.</summary>
internal sealed class ImageBatchSource : IBatchSource
{
    private readonly ImmutableArray<MammoImage> _images;
    private readonly BatchPlanner _planner;
    private readonly PixelStore _store;
    private readonly TrainingData _data;
    private readonly int _channels;
    private readonly int _batchSize;

    /// <summary>Makes a source over one of the two sets.</summary>
    /// <param name="data">The sets and how they are read.</param>
    /// <param name="isTraining">The training set, shuffled and transformed; otherwise the validation set in its order.</param>
    /// <param name="channels">Channels of the network's input.</param>
    /// <param name="options">Batch sizes, seed and compatibility.</param>
    public ImageBatchSource(TrainingData data, bool isTraining, int channels, TrainingOptions options)
    {
        (_data, _channels) = (data, channels);
        _images = (isTraining ? data.Train : data.Validation).Images;
        _batchSize = isTraining ? options.TrainBatchSize : options.BatchSize;
        _store = new PixelStore(data.Preparation, isTraining ? data.LoadTrainRam : data.LoadValidationRam, data.CacheFolder, data.Dicom);
        _planner = new BatchPlanner(_images.Length, _batchSize, options.Seed, options.Compatibility)
        {
            Shuffle = isTraining,
            Augmentation = isTraining ? data.Augmentation : null,
            Size = data.Preparation.Size!.Value,
            Channels = channels,
        };
    }

    /// <summary>Labels the positions of the heatmap; null when they are not trained.</summary>
    public RoiLabels? RoiLabels { get; init; }

    /// <summary>Hard negatives, which take the places of as many random images of their label, others in each epoch; none at first.</summary>
    public ImmutableArray<MinedPatch> HardNegatives { get; set; } = [];

    /// <inheritdoc/>
    public int SampleCount => _images.Length;

    /// <inheritdoc/>
    public IEnumerable<TrainingBatch> Batches(long first, int count, CancellationToken cancellation)
    {
        // The loader hands results over in the order of the plans, so batches are cut by the sizes that went in.
        var sizes = new Queue<int>();
        var samples = new List<TrainingSample>();
        var size = _data.Preparation.Size!.Value;
        foreach (var sample in Load(Items(first, count, sizes), cancellation))
        {
            samples.Add(sample);
            if (samples.Count < sizes.Peek())
                continue;
            sizes.Dequeue();
            yield return new TrainingBatch(size.Height, size.Width, [.. samples]);
            samples.Clear();
        }
    }

    private IEnumerable<Item> Items(long first, int count, Queue<int> sizes)
    {
        var mined = InPlaces(first);
        for (var number = first; number < first + count; number++)
        {
            var plan = _planner.Plan(number);
            sizes.Enqueue(plan.Indices.Length);
            for (var i = 0; i < plan.Indices.Length; i++)
                yield return new Item(plan.Indices[i], plan.Draws.IsEmpty ? null : plan.Draws[i], mined.GetValueOrDefault(plan.Indices[i]));
        }
    }

    private Dictionary<int, MinedPatch> InPlaces(long first)
    {
        if (HardNegatives.IsEmpty)
            return [];
        var label = HardNegatives[0].Label;
        int[] replaceable = [.. Enumerable.Range(0, _images.Length).Where(index => _images[index].Label == label)];
        return _planner.Replaced(first, replaceable, HardNegatives.Length).Zip(HardNegatives).ToDictionary();
    }

    private IEnumerable<TrainingSample> Load(IEnumerable<Item> items, CancellationToken cancellation)
    {
        var workers = _data.WorkerCount > 0 ? _data.WorkerCount : Environment.ProcessorCount;
        return items.LoadOrdered((item, _) => Sample(item), workers, _batchSize + (2 * workers), cancellation).Select(result => result.ValueOrThrow());
    }

    private TrainingSample Sample(Item item)
    {
        var image = item.Mined is { } mined ? new MammoImage(mined.Source) { Label = mined.Label } : _images[item.Index];
        var plane = (item.Mined is null ? _store.Read(image.Path) : _store.Prepare(item.Mined.Pixels)).Plane;
        float[][] channels = plane.Count == 1 ? [.. Enumerable.Repeat(plane.Values, _channels)] : plane.Split();
        if (item.Draw is { } draw)
            channels = Augmenter.Apply(channels, new ImageSize(plane.Height, plane.Width), draw, _data.Augmentation!);
        return new TrainingSample(Centred(channels), image.Label!.Value, image.SampleWeight, image.Path) { RoiLabels = RoiLabels?.Of(image, item.Draw) };
    }

    private float[][] Centred(float[][] channels)
    {
        if (_data.Preparation.FeaturewiseMean is not { } mean)
            return channels;

        // Channels that are one array are centred once, unless each has a number of its own.
        if (mean.Single is null)
            channels = [.. channels.Select(values => (float[])values.Clone())];
        var isDone = new HashSet<float[]>();
        for (var channel = 0; channel < channels.Length; channel++)
        {
            if (isDone.Add(channels[channel]))
                Subtract(channels[channel], (float)(mean.Single ?? mean.Values[channel]));
        }

        return channels;
    }

    private static void Subtract(float[] values, float mean)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] -= mean;
    }

    /// <summary>A sample to be made.</summary>
    /// <param name="Index">Its position in the dataset.</param>
    /// <param name="Draw">Its random transform; null for none.</param>
    /// <param name="Mined">The hard negative that takes its place; null where it is the image itself.</param>
    private readonly record struct Item(int Index, AugmentationDraw? Draw, MinedPatch? Mined);
}
