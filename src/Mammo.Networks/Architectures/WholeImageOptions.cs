using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>What is on top of a patch network. Names and defaults are those of the original program's options.</summary>
public sealed record WholeImageOptions
{
    /// <summary>Rows and columns of the whole image.</summary>
    public ImageSize ImageSize { get; init; } = new(1152, 896);

    /// <summary>Class names in the order of the outputs.</summary>
    public ImmutableArray<string> Classes { get; init; } = ["neg", "pos"];

    /// <summary>Kind of the convolutional blocks.</summary>
    public TopBlock BlockType { get; init; } = TopBlock.ResNet;

    /// <summary>Filters of each group of blocks.</summary>
    public ImmutableArray<int> TopDepth { get; init; } = [512, 512];

    /// <summary>Blocks in each group; as many numbers as <see cref="TopDepth"/> has. (The original takes the shorter of the two.)</summary>
    public ImmutableArray<int> TopRepetition { get; init; } = [3, 3];

    /// <summary>Factor from a residual block's depth to the filters of its last convolution.</summary>
    public int BottleneckEnlargeFactor { get; init; } = 4;

    /// <summary>Batch norm behind the projection shortcut of residual blocks.</summary>
    public bool ShortcutWithBatchNorm { get; init; } = true;

    /// <summary>Put a heatmap of the patch classes (the patch network's output layer at every position, ReLU) between the patch network and the head.</summary>
    public bool AddHeatmap { get; init; }

    /// <summary>End with the heatmap: the patch network's output layer with softmax at every position, and nothing behind it.</summary>
    public bool HeatmapOnly { get; init; }

    /// <summary>Average pool before the heatmap; about a patch in cells of the feature map.</summary>
    public Size2D AvgPoolSize { get; init; } = new(7, 7);

    /// <summary>Step of that pool.</summary>
    public Size2D HeatmapStride { get; init; } = new(1, 1);

    /// <summary>Max pool behind the heatmap; also its step.</summary>
    public Size2D HeatmapPoolSize { get; init; } = new(5, 5);

    /// <summary>What follows the heatmap. <see cref="HeatmapPooling.TopK"/> has a heatmap without being asked for it.</summary>
    public HeatmapPooling HeatmapPooling { get; init; }

    /// <summary>With <see cref="HeatmapPooling.TopK"/>: positions whose mean is taken.</summary>
    public int TopK { get; init; } = 4;

    /// <summary>With <see cref="HeatmapPooling.TopK"/>: which class of the patch classifier is the background.</summary>
    public int Background { get; init; }

    /// <summary>True for convolutional blocks, false for fully connected layers.</summary>
    public bool AddConv { get; init; } = true;

    /// <summary>Units of the first fully connected layer; each further one has half as many, rounded down.</summary>
    public int FcInitUnit { get; init; } = 64;

    /// <summary>Number of fully connected layers.</summary>
    public int FcLayer { get; init; } = 2;

    /// <summary>Add a linear output of the flattened map to that of the fully connected layers.</summary>
    public bool AddShortcut { get; init; }

    /// <summary>Dropout rate in the head, 0 to below 1. The layers are there at 0 too, as in the original.</summary>
    public double HiddenDropout { get; init; }

    /// <summary>L2 penalty λ·ΣW² on every kernel of the head and the heatmap.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Last layer of the patch network that is kept; null for the last feature map, found by role.</summary>
    public string? CutLayer { get; init; }

    /// <summary>The head in the words of the published files: <c>512x1</c>, <c>[512-512-1024]x2</c>, <c>heatmap-fc16-8-shortcut</c>.</summary>
    /// <remarks>Two equal groups stand once, as published; others are joined by a plus sign.</remarks>
    public string HeadName => (HasHeatmap ? "heatmap" : "") + (HasHeatmap && !HeatmapOnly ? "-" : "") + BodyName;

    /// <summary>There is a heatmap in the network.</summary>
    internal bool HasHeatmap => AddHeatmap || HeatmapOnly || IsTopK;

    /// <summary>The network ends with the mean of some positions of the heatmap.</summary>
    internal bool IsTopK => HeatmapPooling == HeatmapPooling.TopK;

    /// <summary>The network ends with the heatmap or a mean of its positions: there is no head to train.</summary>
    internal bool EndsWithHeatmap => HeatmapOnly || IsTopK;

    private string BodyName => (HeatmapOnly, AddConv) switch
    {
        (true, _) => "",
        _ when IsTopK => FormattableString.Invariant($"top{TopK}"),
        (_, true) => ConvolutionalName,
        _ => "fc" + string.Join('-', Enumerable.Range(0, FcLayer).Select(layer => FcInitUnit >> layer)) + (AddShortcut ? "-shortcut" : ""),
    };

    // The published names show one of two equal groups.
    private string ConvolutionalName => TopDepth.Zip(TopRepetition, GroupName).ToArray() switch
    {
        [var first, var second] when first == second => first,
        [var only] => only + " in one group",
        var groups => string.Join('+', groups),
    };

    private string GroupName(int depth, int repetition) => BlockType == TopBlock.Vgg
        ? FormattableString.Invariant($"{depth}x{repetition}")
        : FormattableString.Invariant($"[{depth}-{depth}-{depth * BottleneckEnlargeFactor}]x{repetition}");
}

/// <summary>Kind of the convolutional blocks of a head.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TopBlock>))]
public enum TopBlock
{
    /// <summary>Bottleneck residual blocks; the first of a group halves the map.</summary>
    ResNet,

    /// <summary>3×3 convolutions, then a 2×2 max pool.</summary>
    Vgg,
}

/// <summary>What follows the heatmap of a whole-image network.</summary>
public enum HeatmapPooling
{
    /// <summary>A max pool over windows, and a head behind it: the original's.</summary>
    Max,

    /// <summary>
    /// The mean of the class probabilities at the few positions where the background is least probable, and nothing behind it: the classes are the patch
    /// classifier's.
    /// </summary>
    TopK,
}
