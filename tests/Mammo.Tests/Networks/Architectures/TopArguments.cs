using System.Collections.Immutable;
using System.Text.Json;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;
using Mammo.PowerShell.Common;

namespace Mammo.Tests.Networks.Architectures;

/// <summary>Arguments of the original's add_top_layers as the oracle records them; what is absent has that function's default.</summary>
internal static class TopArguments
{
    public static WholeImageOptions Read(JsonElement arguments)
    {
        var defaults = new WholeImageOptions();
        return defaults with
        {
            BlockType = Get("block_type", value => Enum.Parse<TopBlock>(value.GetString()!, ignoreCase: true), TopBlock.ResNet),
            TopDepth = Get("depths", Numbers, [512, 512]),
            TopRepetition = Get("repetitions", Numbers, [1, 1]),
            BottleneckEnlargeFactor = Get("bottleneck_enlarge_factor", value => value.GetInt32(), 4),
            ShortcutWithBatchNorm = Get("shortcut_with_bn", value => value.GetBoolean(), true),
            AddHeatmap = Get("add_heatmap", value => value.GetBoolean(), false),
            AddConv = Get("add_conv", value => value.GetBoolean(), true),
            AddShortcut = Get("add_shortcut", value => value.GetBoolean(), false),
            AvgPoolSize = Get("avg_pool_size", Size, new Size2D(7, 7)),
            HeatmapStride = Get("hm_strides", Size, new Size2D(1, 1)),
            HeatmapPoolSize = Get("hm_pool_size", Size, new Size2D(5, 5)),
            FcInitUnit = Get("fc_init_units", value => value.GetInt32(), 64),
            FcLayer = Get("fc_layers", value => value.GetInt32(), 2),
            HiddenDropout = Get("dropout", value => value.GetDouble(), 0),
            WeightDecay = Get("weight_decay", value => value.GetDouble(), 1e-4),
        };

        T Get<T>(string name, Func<JsonElement, T> read, T fallback) => arguments.TryGetProperty(name, out var value) ? read(value) : fallback;

        static ImmutableArray<int> Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetInt32())];

        static Size2D Size(JsonElement pair) => new(pair[0].GetInt32(), pair[1].GetInt32());
    }
}
