using System.Collections.Immutable;
using Mammo.Networks.Graphs;
using TorchSharp;

namespace Mammo.Torch.Training.Checkpoints;

/// <summary>Snapshots as text and blocks of a checkpoint file.</summary>
internal static class CheckpointContent
{
    private const string Weights = "weights/";
    private const string Best = "best/";
    private const string Average = "average/";
    private const string Optimizer = "optimizer/";

    /// <summary>The blocks of a snapshot in a stable order.</summary>
    public static IReadOnlyList<KeyValuePair<string, byte[]>> Blocks(TrainingSnapshot snapshot) =>
    [
        .. Named(Weights, snapshot.Weights?.Values),
        .. Named(Best, snapshot.Best?.Values),
        .. Named(Average, snapshot.Average?.Values),
        .. Named(Optimizer, snapshot.Optimizer),
    ];

    /// <summary>The snapshot that a file holds.</summary>
    /// <exception cref="System.Text.Json.JsonException">The text is of another version.</exception>
    /// <exception cref="InvalidDataException">The blocks are not those of the network's weights.</exception>
    public static TrainingSnapshot Snapshot(string text, IReadOnlyDictionary<string, byte[]> blocks, torch.ScalarType type, LayerGraph graph)
    {
        var bytes = WeightPlan.Of(graph)
            .ToDictionary(plan => plan.Name, plan => plan.Elements * (type == torch.ScalarType.Float64 ? 8L : 4L), StringComparer.Ordinal);
        foreach (var (name, block) in blocks)
        {
            if (!bytes.TryGetValue(WeightOf(name), out var length) || length != block.Length)
                throw new InvalidDataException($"its block '{name}' of {block.Length} bytes belongs to no weight of the network");
        }

        if (new[] { Weights, Best }.Any(
            prefix => blocks.Keys.Count(name => name.StartsWith(prefix, StringComparison.Ordinal)) is not 0 and var count && count != bytes.Count))
            throw new InvalidDataException("it lacks weights of the network");
        return new TrainingSnapshot(TrainingState.FromJson(text))
        {
            Weights = Kept(Weights),
            Best = Kept(Best),
            Average = Kept(Average),
            Optimizer = Below(Optimizer),
        };

        ImmutableDictionary<string, byte[]> Below(string prefix) => blocks
            .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToImmutableDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value, StringComparer.Ordinal);

        KeptWeights? Kept(string prefix) => Below(prefix) is { IsEmpty: false } values ? new KeptWeights(type, values) : null;
    }

    // optimizer/SLOT/WEIGHT; PART/WEIGHT of the others.
    private static string WeightOf(string block)
    {
        var start = block.IndexOf('/') + 1;
        return block[(block.StartsWith(Optimizer, StringComparison.Ordinal) ? block.IndexOf('/', start) + 1 : start)..];
    }

    private static IEnumerable<KeyValuePair<string, byte[]>> Named(string prefix, ImmutableDictionary<string, byte[]>? values) =>
        (values ?? ImmutableDictionary<string, byte[]>.Empty).OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(prefix + pair.Key, pair.Value));
}
