using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>What the options of a whole-image network must keep, alone and with the patch network and the image.</summary>
internal static class WholeImageRules
{
    private const int LargestSize = 1 << 16;

    /// <summary>Ranges, and options that contradict each other.</summary>
    public static void Check(WholeImageOptions options)
    {
        OptionRules.Classes(options.Classes);
        OptionRules.Share(nameof(options.HiddenDropout), options.HiddenDropout);
        OptionRules.WeightDecay(options.WeightDecay);
        InRange("ImageSize", options.ImageSize.Height, LargestSize);
        InRange("ImageSize", options.ImageSize.Width, LargestSize);
        Check(nameof(options.AvgPoolSize), options.AvgPoolSize);
        Check(nameof(options.HeatmapStride), options.HeatmapStride);
        Check(nameof(options.HeatmapPoolSize), options.HeatmapPoolSize);
        OptionRules.Require(
            !(options.HeatmapOnly && options.IsTopK),
            $"HeatmapOnly ends with the heatmap, and HeatmapPooling TopK with a mean of its positions.",
            "Leave one of them out.");
        OptionRules.Require(
            !options.AddShortcut || (!options.AddConv && !options.HeatmapOnly),
            "AddShortcut adds the flattened map to fully connected layers, but "
            + $"{(options.HeatmapOnly ? "HeatmapOnly has none" : "AddConv asks for convolutions")}.",
            options.HeatmapOnly ? "Leave AddShortcut out." : "Turn AddConv off, or leave AddShortcut out.");
        if (options.AddConv)
            CheckConvolutional(options);
        else
            CheckFullyConnected(options);
    }

    /// <summary>Sizes: the image through the patch network, the heatmap's pools, the head.</summary>
    public static void Check(WholeImageOptions options, PatchCut cut, ImageSize imageSize)
    {
        var shape = FeatureMap(cut, imageSize);
        var map = new Size2D(shape.Sizes[0]!.Value, shape.Sizes[1]!.Value);
        var channels = shape.Channels!.Value;
        if (options.HasHeatmap)
        {
            map = Heatmap(options, cut, map, channels);
            channels = ((LayerKind.Dense)cut.OutputDense!.Kind).Units;
        }

        if (options.IsTopK)
            CheckTopK(options, map, channels);
        if (options.EndsWithHeatmap)
            return;
        if (options is { AddConv: true, BlockType: TopBlock.Vgg })
            CheckVggPools(options, map);
        else if (!options.AddConv)
            OptionRules.Require(
                (long)map.Rows * map.Columns * channels <= int.MaxValue,
                $"The map of {map} with {channels} channels at ImageSize {options.ImageSize} is too large to flatten for fully connected layers.");
    }

    private static void CheckConvolutional(WholeImageOptions options)
    {
        var (depths, repetitions) = (options.TopDepth, options.TopRepetition);
        OptionRules.Require(
            !depths.IsDefaultOrEmpty && !repetitions.IsDefaultOrEmpty && depths.Length == repetitions.Length,
            $"TopDepth [{Text(depths)}] and TopRepetition [{Text(repetitions)}] must have one number for each group, but have {Count(depths)} and "
            + $"{Count(repetitions)}.",
            "Give both as many numbers as there are groups.");
        foreach (var depth in depths)
            InRange(nameof(options.TopDepth), depth, LargestSize);
        foreach (var repetition in repetitions)
            InRange(nameof(options.TopRepetition), repetition, 1000);
        InRange(nameof(options.BottleneckEnlargeFactor), options.BottleneckEnlargeFactor, 1000);
    }

    private static void CheckFullyConnected(WholeImageOptions options)
    {
        InRange(nameof(options.FcInitUnit), options.FcInitUnit, LargestSize);
        InRange(nameof(options.FcLayer), options.FcLayer, 30);
        OptionRules.Require(
            options.FcInitUnit >> (options.FcLayer - 1) > 0,
            $"FcInitUnit {options.FcInitUnit} halved for each of FcLayer {options.FcLayer} layers comes to nothing.",
            "Take fewer layers or more units.");
    }

    private static void CheckTopK(WholeImageOptions options, Size2D map, int classes)
    {
        InRange(nameof(options.TopK), options.TopK, LargestSize);
        OptionRules.Require(
            options.TopK <= (long)map.Rows * map.Columns,
            $"TopK {options.TopK} is more than the {map.Rows * map.Columns} positions of the heatmap of {map} at ImageSize {options.ImageSize}.");
        OptionRules.Require(
            options.Background >= 0 && options.Background < classes,
            $"Background {options.Background} is none of the patch classifier's {classes} classes.");
        OptionRules.Require(
            options.Background != classes - 1,
            "HeatmapPooling TopK takes the classes as the patch classifier has them, whose last is the background, but the last class of a whole-image "
            + "model is the positive one.",
            "Train the patch classifier with the background as its first class.");
        OptionRules.Require(
            options.Classes.Length == classes,
            $"HeatmapPooling TopK gives the patch classifier's {classes} classes, but Classes names {options.Classes.Length}: "
            + $"{string.Join(", ", options.Classes)}.",
            "Name as many classes as the patch classifier has, in its order.");
    }

    private static TensorShape FeatureMap(PatchCut cut, ImageSize imageSize)
    {
        try
        {
            var kept = new LayerGraph(cut.Patch.Name, [.. KerasOrder.Sort(cut.Patch.Layers, cut.Last.Name).Select(Open)], [cut.Last.Name]);
            return ShapeInference.Infer(kept, imageSize)[cut.Last.Name];
        }
        catch (MammoException failure) when (failure.ErrorId == ErrorIds.ModelGraphInvalid)
        {
            throw OptionRules.Conflict($"ImageSize {imageSize} is too small for the patch network: {failure.Message}", "Use a larger image.", failure);
        }

        // A patch network saved with a fixed input size runs at any other.
        static Layer Open(Layer layer) => layer.Kind is LayerKind.Input input
            ? layer with { Kind = new LayerKind.Input(TensorShape.Of(null, null, input.Shape.Channels)) }
            : layer;
    }

    private static Size2D Heatmap(WholeImageOptions options, PatchCut cut, Size2D map, int channels)
    {
        var asked = options.HeatmapOnly ? nameof(options.HeatmapOnly) : options.IsTopK ? "HeatmapPooling TopK" : nameof(options.AddHeatmap);
        OptionRules.Require(
            cut.OutputDense is not null,
            $"{asked} copies the patch network's output layer, but network '{cut.Patch.Name}' has no dense layer behind its pool.",
            $"Use a patch classifier, or leave {asked} out.");
        var features = ShapeInference.Infer(cut.Patch)[cut.OutputDense!.Inputs[0]].Channels;
        OptionRules.Require(
            features == channels,
            $"{asked} copies the patch network's output layer '{cut.OutputDense.Name}', which takes {features} channels, but '{cut.Last.Name}' before the "
            + $"cut gives {channels}.",
            "Leave CutLayer out, or name a layer with as many channels.");
        OptionRules.Require(
            map.Rows >= options.AvgPoolSize.Rows && map.Columns >= options.AvgPoolSize.Columns,
            $"AvgPoolSize {options.AvgPoolSize} is larger than the feature map of {map} at ImageSize {options.ImageSize}.",
            "Use a smaller pool or a larger image.");
        var heatmap = Pooled(map, options.AvgPoolSize, options.HeatmapStride);
        if (options.EndsWithHeatmap)
            return heatmap;
        var origin = FormattableString.Invariant($"feature map {map}, AvgPoolSize {options.AvgPoolSize}, HeatmapStride {options.HeatmapStride}");
        OptionRules.Require(
            heatmap.Rows >= options.HeatmapPoolSize.Rows && heatmap.Columns >= options.HeatmapPoolSize.Columns,
            $"HeatmapPoolSize {options.HeatmapPoolSize} is larger than the heatmap of {heatmap} at ImageSize {options.ImageSize} ({origin}).",
            "Use a smaller pool or a larger image.");
        return Pooled(heatmap, options.HeatmapPoolSize, options.HeatmapPoolSize);
    }

    private static void CheckVggPools(WholeImageOptions options, Size2D map)
    {
        var groups = options.TopDepth.Length;
        OptionRules.Require(
            groups < 31 && map.Rows >> groups > 0 && map.Columns >> groups > 0,
            $"The head's {groups} groups (TopDepth [{Text(options.TopDepth)}], BlockType Vgg) halve the map each, but it is only {map} at ImageSize "
            + $"{options.ImageSize}.",
            "Use fewer groups or a larger image.");
    }

    private static Size2D Pooled(Size2D size, Size2D pool, Size2D stride) => new(
        Windows.OutputSize(size.Rows, pool.Rows, stride.Rows, 1, Padding.Valid), Windows.OutputSize(
            size.Columns, pool.Columns, stride.Columns, 1, Padding.Valid));

    private static void Check(string option, Size2D size)
    {
        InRange(option, size.Rows, LargestSize);
        InRange(option, size.Columns, LargestSize);
    }

    private static void InRange(string option, int value, int largest) =>
        OptionRules.Require(value >= 1 && value <= largest, $"{option} {value} is not from 1 to {largest}.");

    private static string Text(ImmutableArray<int> values) => values.IsDefault ? "" : string.Join(", ", values);

    private static int Count(ImmutableArray<int> values) => values.IsDefault ? 0 : values.Length;
}
