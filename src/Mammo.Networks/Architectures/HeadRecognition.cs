using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>Finds the options that a whole-image network's head was made with, from its layers and connections.</summary>
internal static class HeadRecognition
{
    /// <summary>The head's name as <see cref="WholeImageOptions.HeadName"/> gives it; null when it is none that those options make.</summary>
    public static string? NameOf(LayerGraph graph)
    {
        var hasHeatmap = graph.Layers.Any(layer => layer.Role == LayerRole.Heatmap);
        var top = graph.Layers.Where(layer => layer.Role == LayerRole.Top).ToImmutableArray();
        if (top.IsEmpty)
            return new WholeImageOptions { HeatmapOnly = true }.HeadName;
        if (top is [{ Kind: LayerKind.TopKPooling2D pool }])
            return new WholeImageOptions { HeatmapPooling = HeatmapPooling.TopK, TopK = pool.K }.HeadName;
        var found = Has<LayerKind.Flatten>() ? FullyConnected(top) : Has<LayerKind.Add>() ? Residual(graph, top) : Vgg(top);
        return found is null ? null : (found with { AddHeatmap = hasHeatmap }).HeadName;

        bool Has<TKind>() => top.Any(layer => layer.Kind is TKind);
    }

    /// <summary>Every hidden layer has batch norm behind it, and the output's do not.</summary>
    private static WholeImageOptions? FullyConnected(ImmutableArray<Layer> top)
    {
        var normalized = top.Where(layer => layer.Kind is LayerKind.BatchNormalization).Select(layer => layer.Inputs[0]).ToHashSet(StringComparer.Ordinal);
        var units = top.Where(layer => normalized.Contains(layer.Name)).Select(layer => (layer.Kind as LayerKind.Dense)?.Units ?? 0).ToList();
        if (units.Count == 0 || units.Where((count, index) => count != units[0] >> index).Any())
            return null;
        return new WholeImageOptions
        {
            AddConv = false,
            FcInitUnit = units[0],
            FcLayer = units.Count,
            AddShortcut = top.Any(layer => layer.Kind is LayerKind.Add),
        };
    }

    /// <summary>3×3 convolutions of one width, then a max pool.</summary>
    private static WholeImageOptions? Vgg(ImmutableArray<Layer> top)
    {
        var groups = new List<(int Depth, int Repetitions)>();
        var filters = new List<int>();
        foreach (var layer in top)
        {
            if (layer.Kind is LayerKind.Conv2D conv && conv.Kernel == Size2D.Square(3))
                filters.Add(conv.Filters);
            else if (layer.Kind is LayerKind.Conv2D)
                return null;
            if (layer.Kind is not LayerKind.MaxPooling2D)
                continue;
            if (filters.Distinct().Count() != 1)
                return null;
            groups.Add((filters[0], filters.Count));
            filters.Clear();
        }

        return filters.Count > 0 ? null : Grouped(groups, new WholeImageOptions { BlockType = TopBlock.Vgg });
    }

    /// <summary>One sum per block; a projection on its shortcut begins a group.</summary>
    private static WholeImageOptions? Residual(LayerGraph graph, ImmutableArray<Layer> top)
    {
        var users = graph.Layers.SelectMany(layer => layer.Inputs).ToLookup(name => name, StringComparer.Ordinal);
        var groups = new List<(int Depth, int Repetitions)>();
        int? factor = null;
        foreach (var sum in top.Where(layer => layer.Kind is LayerKind.Add))
        {
            var paths = sum.Inputs.Select(Path).OrderBy(path => path.Count).ToList();
            if (paths is not [{ Count: <= 1 } shortcut, [var wide, var middle, var first]] || first.Filters != middle.Filters
                || wide.Filters % first.Filters != 0)
                return null;
            if ((factor ??= wide.Filters / first.Filters) != wide.Filters / first.Filters)
                return null;
            if (shortcut.Count == 1)
                groups.Add((first.Filters, 1));
            else if (groups.Count > 0 && groups[^1].Depth == first.Filters)
                groups[^1] = (first.Filters, groups[^1].Repetitions + 1);
            else
                return null;
        }

        return Grouped(groups, new WholeImageOptions { BlockType = TopBlock.ResNet, BottleneckEnlargeFactor = factor ?? 0 });

        // The convolutions back to the input of the block, which shortcut and block both take.
        List<LayerKind.Conv2D> Path(string name)
        {
            var convolutions = new List<LayerKind.Conv2D>();
            for (var layer = graph[name];
                layer.Role == LayerRole.Top && layer.Inputs.Length == 1 && users[layer.Name].Count() == 1;
                layer = graph[layer.Inputs[0]])
            {
                if (layer.Kind is LayerKind.Conv2D conv)
                    convolutions.Add(conv);
            }

            return convolutions;
        }
    }

    private static WholeImageOptions? Grouped(List<(int Depth, int Repetitions)> groups, WholeImageOptions options) => groups.Count == 0
        ? null
        : options with { TopDepth = [.. groups.Select(group => group.Depth)], TopRepetition = [.. groups.Select(group => group.Repetitions)] };
}
