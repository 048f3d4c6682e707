using Mammo.Networks.Graphs;

namespace Mammo.Scoring.Heatmaps;

/// <summary>How heatmaps are made.</summary>
public sealed record HeatmapOptions
{
    /// <summary>One pass over the whole image, or patch by patch.</summary>
    public HeatmapKind Kind { get; init; }

    /// <summary>
    /// How images are prepared and the network runs. The image size is that of the whole image: a network with a heatmap knows its own, a patch classifier's
    /// forward heatmap has 1152x896 unless it is set, and a sweep
    /// the stored size unless it or <see cref="TargetHeight"/> is set.
    /// </summary>
    public PredictorOptions Images { get; init; } = new();

    /// <summary>Sweep: side of a patch in pixels of the resized image; null for the size that the network was made for, or 256.</summary>
    public int? PatchSize { get; init; }

    /// <summary>Sweep: pixels from one patch to the next; null for half a patch.</summary>
    public int? Stride { get; init; }

    /// <summary>Sweep: rows to which the image is resized, the columns in proportion; wins over the image size.</summary>
    public int? TargetHeight { get; init; }

    /// <summary>Forward with a patch classifier: average pool before its output layer, in cells of the feature map; null for 7x7.</summary>
    public Size2D? AvgPoolSize { get; init; }

    /// <summary>Forward with a patch classifier: step of that pool; null for 1x1.</summary>
    public Size2D? HeatmapStride { get; init; }

    /// <summary>Grad-CAM: name of the layer whose maps are weighted; null for the last one that convolves, with its activation.</summary>
    public string? Layer { get; init; }

    /// <summary>Names of the options that are set although they belong to another kind.</summary>
    internal IEnumerable<string> Foreign =>
    [
        .. Kind == HeatmapKind.Forward ? [] : Set([.. ForwardOptions, (nameof(Images.Augment), Images.Augment)]),
        .. Kind == HeatmapKind.Sweep ? [] : Set(SweepOptions),
        .. Kind == HeatmapKind.GradCam ? [] : Set(GradCamOptions),
    ];

    /// <summary>The options of the kind by name and value, for records.</summary>
    internal IEnumerable<(string Name, string Value)> Named =>
    [
        ("kind", Kind.ToString()),
        ("layer", Layer ?? ""),
        ("patchsize", $"{PatchSize}"),
        ("stride", $"{Stride}"),
        ("targetheight", $"{TargetHeight}"),
        ("avgpoolsize", $"{AvgPoolSize}"),
        ("heatmapstride", $"{HeatmapStride}"),
    ];

    /// <summary>Options of the network that is made of a patch classifier.</summary>
    internal IEnumerable<string> OfPatchClassifier => Set(ForwardOptions);

    private (string Name, bool IsSet)[] ForwardOptions => [(nameof(AvgPoolSize), AvgPoolSize is not null), (nameof(HeatmapStride), HeatmapStride is not null)];

    private (string Name, bool IsSet)[] SweepOptions =>
        [(nameof(PatchSize), PatchSize is not null), (nameof(Stride), Stride is not null), (nameof(TargetHeight), TargetHeight is not null)];

    private (string Name, bool IsSet)[] GradCamOptions => [(nameof(Layer), Layer is not null)];

    private static IEnumerable<string> Set((string Name, bool IsSet)[] options) => options.Where(option => option.IsSet).Select(option => option.Name);
}

/// <summary>How the class probabilities at many places of an image are made.</summary>
public enum HeatmapKind
{
    /// <summary>The whole image goes through the network once, and the patch classifier's output layer is put at every position of its feature map.</summary>
    Forward,

    /// <summary>The breast is cut into overlapping patches, and the patch classifier sees each of them alone, as in its training.</summary>
    Sweep,

    /// <summary>
    /// The maps of a layer, weighted by the gradient of each class's score and added up (Grad-CAM): for any network, but it shows what moved the score, which
    /// need not be the lesion.
    /// </summary>
    GradCam,
}
