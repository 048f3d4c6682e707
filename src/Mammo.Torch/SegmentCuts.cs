using System.Collections.Frozen;
using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;

namespace Mammo.Torch;

/// <summary>Where to cut a network into segments for <see cref="GradientCheckpointing"/>.</summary>
internal sealed class SegmentCuts
{
    private const int MostSegments = 40;

    private readonly long[] _kept;
    private readonly long[] _crossing;

    private SegmentCuts(LayerGraph graph, ImageSize? inputSize)
    {
        var shapes = ShapeInference.Infer(graph, inputSize);
        _kept = [.. graph.Layers.Select(layer => KeptForBackward(layer) * (shapes[layer.Name].Elements ?? 0))];
        _crossing = Crossing(graph, [.. graph.Layers.Select(layer => layer.Kind is LayerKind.Input ? 0 : shapes[layer.Name].Elements ?? 0)]);
    }

    /// <summary>
    /// Cuts that make the estimated peak of memory smallest: all that crosses a cut, and what the largest segment keeps for its backward pass.
    /// </summary>
    /// <param name="graph">The network.</param>
    /// <param name="inputSize">Rows and columns of the images; null when the network fixes them.</param>
    public static int[] Choose(LayerGraph graph, ImageSize? inputSize = null)
    {
        var cuts = new SegmentCuts(graph, inputSize);
        var total = cuts._kept.Sum();
        return Enumerable.Range(1, MostSegments).Select(parts => cuts.Greedy(total / parts)).MinBy(cuts.Peak)!;
    }

    /// <summary>
    /// Values of one image that a training step holds at once at least, for the way back: of all layers that gradients go through, or with the chosen cuts.
    /// </summary>
    /// <param name="graph">The network.</param>
    /// <param name="inputSize">Rows and columns of the images.</param>
    /// <param name="trainable">Names of the layers whose weights are trained.</param>
    /// <param name="isCut">Cut where <see cref="Choose"/> says.</param>
    public static long Held(LayerGraph graph, ImageSize inputSize, IReadOnlySet<string> trainable, bool isCut)
    {
        var cuts = new SegmentCuts(graph, inputSize);
        var depending = GradientCheckpointing.Depending(graph, trainable);
        for (var index = 0; index < graph.Layers.Length; index++)
            cuts._kept[index] *= depending.Contains(graph.Layers[index].Name) ? 1 : 0;
        return isCut ? cuts.Peak(Choose(graph, inputSize)) : cuts._kept.Sum();
    }

    /// <summary>Walks on until a segment would keep more than the budget, then cuts it where the least crosses.</summary>
    private int[] Greedy(long budget)
    {
        var cuts = new List<int>();
        var (first, kept) = (0, 0L);
        for (var index = 0; index < _kept.Length; index++)
        {
            kept += _kept[index];
            if (kept <= budget || index <= first)
                continue;
            var best = Enumerable.Range(first + 1, index - first).Reverse().MinBy(position => _crossing[position]);
            cuts.Add(best);
            first = best;
            kept = _kept.AsSpan(first, index + 1 - first).ToArray().Sum();
        }

        // A cut that nothing crosses lies before the first layer that computes.
        return [.. cuts.Where(cut => _crossing[cut] > 0)];
    }

    private long Peak(int[] cuts)
    {
        int[] borders = [0, .. cuts, _kept.Length];
        return cuts.Sum(cut => _crossing[cut]) + borders.Zip(borders.Skip(1), (first, end) => _kept[first..end].Sum()).Max();
    }

    /// <summary>Values that cross the border in front of each layer.</summary>
    private static long[] Crossing(LayerGraph graph, long[] sizes)
    {
        var lastUse = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < graph.Layers.Length; index++)
        {
            foreach (var name in graph.Layers[index].Inputs)
                lastUse[name] = index;
        }

        var crossing = new long[graph.Layers.Length];
        for (var index = 0; index < graph.Layers.Length; index++)
        {
            for (var position = index + 1; position <= lastUse.GetValueOrDefault(graph.Layers[index].Name); position++)
                crossing[position] += sizes[index];
        }

        return crossing;
    }

    // How many arrays of the output's size autograd holds: none for views and for activations that overwrite their input, two more (64-bit positions) for
    // maximum pooling.
    private static long KeptForBackward(Layer layer) => layer.Kind switch
    {
        LayerKind.Input or LayerKind.Activate or LayerKind.Flatten or LayerKind.Reshape or LayerKind.Dropout { Rate: <= 0 } => 0,
        LayerKind.MaxPooling2D => 3,
        LayerKind.Dropout => 2,
        _ => 1,
    };
}

/// <summary>A stretch of layers between two cuts.</summary>
/// <param name="First">Position of its first layer.</param>
/// <param name="End">Position behind its last layer.</param>
/// <param name="Incoming">What it uses from before, network inputs too.</param>
/// <param name="Outgoing">What it makes for later segments, and outputs of the network.</param>
internal sealed record Segment(int First, int End, ImmutableArray<string> Incoming, FrozenSet<string> Outgoing)
{
    /// <summary>The segment of the layers from <paramref name="first"/> up to, not including, <paramref name="end"/>.</summary>
    public static Segment Of(LayerGraph graph, int first, int end)
    {
        var own = graph.Layers[first..end];
        var made = own.Where(layer => layer.Kind is not LayerKind.Input).Select(layer => layer.Name).ToHashSet(StringComparer.Ordinal);
        var used = own.SelectMany(layer => layer.Inputs);
        var usedLater = graph.Layers[end..].SelectMany(layer => layer.Inputs).Concat(graph.Outputs);
        return new Segment(
            first,
            end,
            [.. used.Where(name => !made.Contains(name)).Distinct()],
            usedLater.Where(made.Contains).ToFrozenSet(StringComparer.Ordinal));
    }
}
