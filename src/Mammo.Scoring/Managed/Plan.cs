using System.Collections.Immutable;

namespace Mammo.Scoring.Managed;

/// <summary>What is done to images of one size: steps, and where their maps lie in one piece of memory that is used again and again.</summary>
internal sealed class Plan
{
    // Storages begin at multiples of 64 bytes.
    private const int Line = 16;

    /// <summary>Lays the maps out.</summary>
    /// <param name="input">The prepared planes.</param>
    /// <param name="output">The network's output.</param>
    /// <param name="steps">The steps in order.</param>
    /// <param name="images">Images of a run.</param>
    public Plan(FeatureMap input, FeatureMap output, ImmutableArray<Step> steps, int images)
    {
        (Input, Output, Steps, Images) = (input, output, steps, images);
        MemoryLength = Place();
        ScratchLength = steps.Max(step => step.ScratchLength);
    }

    /// <summary>The prepared planes.</summary>
    public FeatureMap Input { get; }

    /// <summary>The network's output.</summary>
    public FeatureMap Output { get; }

    /// <summary>The steps in order.</summary>
    public ImmutableArray<Step> Steps { get; }

    /// <summary>Images of a run.</summary>
    public int Images { get; }

    /// <summary>Values of all maps together.</summary>
    public long MemoryLength { get; }

    /// <summary>Values that each worker writes down for itself.</summary>
    public long ScratchLength { get; }

    /// <summary>The largest first, each at the lowest place that no storage needed at the same time takes.</summary>
    private long Place()
    {
        var storages = new HashSet<Storage>();
        Use(Input, -1);
        for (var index = 0; index < Steps.Length; index++)
        {
            foreach (var map in Steps[index].Maps)
                Use(map, index);
            if (Steps[index].Shared is { } shared)
            {
                shared.Use(index);
                storages.Add(shared);
            }
        }

        Use(Output, Steps.Length);
        var placed = new List<Storage>();
        foreach (var storage in storages.OrderByDescending(storage => storage.Length(Images)))
        {
            storage.Offset = 0;
            foreach (var other in placed.Where(other => other.First <= storage.Last && storage.First <= other.Last).OrderBy(other => other.Offset))
            {
                if (storage.Offset + storage.Length(Images) > other.Offset)
                    storage.Offset = Math.Max(storage.Offset, (other.Offset + other.Length(Images) + Line - 1) / Line * Line);
            }

            placed.Add(storage);
        }

        return placed.Max(storage => storage.Offset + storage.Length(Images));

        void Use(FeatureMap map, int step)
        {
            map.Storage.Use(step);
            storages.Add(map.Storage);
        }
    }
}
