using System.Collections.Frozen;
using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Torch;

/// <summary>A stretch of layers between two cuts.</summary>
/// <param name="First">Position of its first layer.</param>
/// <param name="End">Position behind its last layer.</param>
/// <param name="Incoming">What it uses from before, network inputs too; the last segment "uses" all outputs of the network.</param>
/// <param name="Outgoing">What it makes for later segments.</param>
internal sealed record Segment(int First, int End, ImmutableArray<string> Incoming, FrozenSet<string> Outgoing)
{
    /// <summary>The segment of the layers from <paramref name="first"/> up to, not including, <paramref name="end"/>.</summary>
    public static Segment Of(LayerGraph graph, int first, int end)
    {
        var own = graph.Layers[first..end];
        var made = own.Where(layer => layer.Kind is not LayerKind.Input).Select(layer => layer.Name).ToHashSet(StringComparer.Ordinal);
        var used = own.SelectMany(layer => layer.Inputs).Concat(end == graph.Layers.Length ? graph.Outputs : []);
        var usedLater = graph.Layers[end..].SelectMany(layer => layer.Inputs).Concat(graph.Outputs);
        return new Segment(
            first,
            end,
            [.. used.Where(name => !made.Contains(name)).Distinct()],
            usedLater.Where(made.Contains).ToFrozenSet(StringComparer.Ordinal));
    }
}
