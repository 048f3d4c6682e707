using System.Collections.Immutable;

namespace Mammo.Scoring.Managed;

/// <summary>What is done to images of one size: steps, and where their maps lie in one piece of memory that is used again and again.</summary>
/// <remarks>
/// As long as maps are large, images are computed one by one, in the memory of one; from where all are small, together, with each weight read once. What
/// passes from there to here has room for all images.
/// </remarks>
internal sealed class Plan
{
    // Storages begin at multiples of 64 bytes.
    private const int Line = 16;

    // What steps for single images write and steps for all read, and the image that it begins with now.
    private readonly List<Storage> _passed = [];
    private int _image;

    /// <summary>Lays the maps out.</summary>
    /// <param name="input">The prepared planes.</param>
    /// <param name="output">The network's output.</param>
    /// <param name="steps">The steps in order.</param>
    /// <param name="images">Images of a run.</param>
    /// <param name="largestJoint">See <see cref="ManagedOptions.LargestJointMap"/>.</param>
    public Plan(FeatureMap input, FeatureMap output, ImmutableArray<Step> steps, int images, long largestJoint)
    {
        (Input, Output, Steps, Images) = (input, output, steps, images);
        var storages = Use();
        var apart = images == 1 ? 0 : Math.Min(steps.Length, storages.Where(IsLarge).Select(storage => storage.Last + 1).DefaultIfEmpty().Max());
        Gather(storages, apart);
        MemoryLength = Place(storages, apart);
        Rounds = apart == 0
            ? [new Round(0, images, 0, steps.Length)]
            : [.. Enumerable.Range(0, images).Select(image => new Round(image, 1, 0, apart)), new Round(0, images, apart, steps.Length)];
        ScratchLength = steps.Max(step => step.ScratchLength);

        bool IsLarge(Storage storage) => storage.IsPerImage && storage.Length(1) > largestJoint;
    }

    /// <summary>The prepared planes.</summary>
    public FeatureMap Input { get; }

    /// <summary>The network's output.</summary>
    public FeatureMap Output { get; }

    /// <summary>The steps in order.</summary>
    public ImmutableArray<Step> Steps { get; }

    /// <summary>Images of a run.</summary>
    public int Images { get; }

    /// <summary>What is computed for which images, in order.</summary>
    public ImmutableArray<Round> Rounds { get; }

    /// <summary>Values of all maps together.</summary>
    public long MemoryLength { get; }

    /// <summary>Values that each worker writes down for itself.</summary>
    public long ScratchLength { get; }

    /// <summary>The steps of a round.</summary>
    public ReadOnlySpan<Step> StepsOf(Round round) => Steps.AsSpan(round.FirstStep..round.EndStep);

    /// <summary>Lets the maps of a round's steps begin with its first image.</summary>
    public void Begin(Round round)
    {
        foreach (var storage in _passed)
            storage.Move(round.FirstImage - _image);
        _image = round.FirstImage;
    }

    /// <summary>All storages, with the steps that need them.</summary>
    private HashSet<Storage> Use()
    {
        var storages = new HashSet<Storage>();
        Add(Input.Storage, -1);
        for (var index = 0; index < Steps.Length; index++)
        {
            foreach (var map in Steps[index].Maps)
                Add(map.Storage, index);
            if (Steps[index].Shared is { } shared)
                Add(shared, index);
        }

        Add(Output.Storage, Steps.Length);
        return storages;

        void Add(Storage storage, int step)
        {
            storage.Use(step);
            storages.Add(storage);
        }
    }

    /// <summary>What passes from steps for one image to steps for all is needed from the beginning: other images are computed in between.</summary>
    private void Gather(IEnumerable<Storage> storages, int apart)
    {
        foreach (var storage in storages.Where(storage => storage.First < apart && storage.Last >= apart))
        {
            storage.Use(-1);
            _passed.Add(storage);
        }
    }

    /// <summary>The largest first, each at the lowest place that no storage needed at the same time takes.</summary>
    private long Place(IEnumerable<Storage> storages, int apart)
    {
        var placed = new List<Storage>();
        foreach (var storage in storages.OrderByDescending(Length))
        {
            storage.Offset = 0;
            foreach (var other in placed.Where(other => other.First <= storage.Last && storage.First <= other.Last).OrderBy(other => other.Offset))
            {
                if (storage.Offset + Length(storage) > other.Offset)
                    storage.Offset = Math.Max(storage.Offset, (other.Offset + Length(other) + Line - 1) / Line * Line);
            }

            placed.Add(storage);
        }

        return placed.Max(storage => storage.Offset + Length(storage));

        long Length(Storage storage) => storage.Length(storage.Last < apart ? 1 : Images);
    }
}
