using System.Collections.Immutable;
using System.Management.Automation;
using Mammo.Data.Images;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Models;

/// <summary>
/// Makes a whole-image model of a patch model: cuts the patch network after its last feature map and puts new layers on top. The patch weights are kept.
/// </summary>
[Cmdlet(VerbsCommon.New, "WholeImageModel")]
[Alias("New-MammoWholeImageModel")]
[OutputType(typeof(MammoModel))]
public sealed class NewWholeImageModelCommand : CardPreparationCommand
{
    /// <summary>The patch classifier; stays as it is.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Model", "PatchModelState")]
    [ModelTransformation]
    [ArgumentCompleter(typeof(ShippedModelCompleter))]
    [NotNull]
    public MammoModel InputObject { get; set; } = null!;

    /// <summary>Height and width of the whole images.</summary>
    [Parameter]
    [ImageSizeTransformation]
    [Alias("ImgSize")]
    public ImageSize ImageSize { get; set; } = new(1152, 896);

    /// <summary>
    /// Class names in the order of the outputs, the positive class last. With -HeatmapPooling TopK as many as the patch classifier has: its own unless set,
    /// if they are more than two.
    /// </summary>
    [Parameter]
    [Alias("ClassList")]
    [NotEmpty]
    public string[] Class { get; set; } = ["neg", "pos"];

    /// <summary>A published head by name: 512x1, [512-512-1024]x2, heatmap-fc16-8-shortcut. Parameters that are given besides it win.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(RecipeCompleter))]
    [NotEmpty]
    public string? Recipe { get; set; }

    /// <summary>Kind of the convolutional blocks: ResNet or Vgg.</summary>
    [Parameter]
    public TopBlock BlockType { get; set; }

    /// <summary>Filters of each group of blocks.</summary>
    [Parameter]
    [Alias("TopDepths")]
    [InRange(1, 65536)]
    public int[] TopDepth { get; set; } = [512, 512];

    /// <summary>Blocks in each group; as many numbers as -TopDepth has.</summary>
    [Parameter]
    [Alias("TopRepetitions")]
    [InRange(1, 1024)]
    public int[] TopRepetition { get; set; } = [3, 3];

    /// <summary>Factor from a residual block's depth to the filters of its last convolution.</summary>
    [Parameter]
    [InRange(1, 64)]
    public int BottleneckEnlargeFactor { get; set; } = 4;

    /// <summary>No batch norm behind the projection shortcuts of residual blocks.</summary>
    [Parameter]
    public SwitchParameter NoShortcutBatchNorm { get; set; }

    /// <summary>Put a heatmap of the patch classes between the patch network and the head.</summary>
    [Parameter]
    public SwitchParameter AddHeatmap { get; set; }

    /// <summary>End with the heatmap: softmax over the patch classes at every position, nothing behind it.</summary>
    [Parameter]
    [Alias("ReturnHeatmap")]
    public SwitchParameter HeatmapOnly { get; set; }

    /// <summary>Average pool before the heatmap, rows and columns in cells of the feature map.</summary>
    [Parameter]
    [Size2DTransformation]
    public Size2D AvgPoolSize { get; set; } = new(7, 7);

    /// <summary>Step of that pool.</summary>
    [Parameter]
    [Size2DTransformation]
    [Alias("HmStrides")]
    public Size2D HeatmapStride { get; set; } = new(1, 1);

    /// <summary>Max pool behind the heatmap; also its step.</summary>
    [Parameter]
    [Size2DTransformation]
    [Alias("HmPoolSize")]
    public Size2D HeatmapPoolSize { get; set; } = new(5, 5);

    /// <summary>
    /// What follows the heatmap: Max, the original's max pool and a head, or TopK, the mean of its most suspicious positions and nothing behind it.
    /// </summary>
    [Parameter]
    public HeatmapPooling HeatmapPooling { get; set; }

    /// <summary>With -HeatmapPooling TopK: number of positions.</summary>
    [Parameter]
    [InRange(1, 65536)]
    public int TopK { get; set; } = 4;

    /// <summary>Fully connected layers instead of convolutional blocks.</summary>
    [Parameter]
    [Alias("NoAddConv")]
    public SwitchParameter FullyConnected { get; set; }

    /// <summary>Units of the first fully connected layer; each further one has half as many.</summary>
    [Parameter]
    [Alias("FcInitUnits")]
    [InRange(1, 65536)]
    public int FcInitUnit { get; set; } = 64;

    /// <summary>Number of fully connected layers.</summary>
    [Parameter]
    [Alias("FcLayers")]
    [InRange(1, 64)]
    public int FcLayer { get; set; } = 2;

    /// <summary>Add a linear output of the flattened map to that of the fully connected layers.</summary>
    [Parameter]
    public SwitchParameter AddShortcut { get; set; }

    /// <summary>Dropout rate in the head while training.</summary>
    [Parameter]
    [InRange(0.0, 0.999)]
    public double HiddenDropout { get; set; }

    /// <summary>L2 penalty on every kernel of the head.</summary>
    [Parameter]
    [InRange(0.0, 1e6)]
    public double WeightDecay { get; set; } = 1e-4;

    /// <summary>Last layer of the patch network that is kept; its last feature map unless set.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(LayerCompleter))]
    [NotEmpty]
    public string? CutLayer { get; set; }

    /// <summary>Seed of the new weights.</summary>
    [Parameter]
    [Alias("RandomSeed")]
    [InRange(0, int.MaxValue)]
    public int Seed { get; set; } = 12345;

    /// <inheritdoc/>
    protected override void ProcessRecord() => Attempt(
        () =>
        {
            WriteNotes(InputObject);
            var options = Options();
            var whole = ModelFactory.WholeImage(InputObject, options, Seed, out var notes);
            if (WithoutEffect(options).Where(MyInvocation.BoundParameters.ContainsKey).ToArray() is [_, ..] idle)
                WriteFinding(new Finding(ErrorIds.ModelOptionConflict, $"With these options -{string.Join(", -", idle)} has no effect.")
                { SuggestedFix = "Leave it out." });
            foreach (var note in notes)
                WriteVerbose(note);
            WriteObject(whole.WithCard(Prepared(whole.Card)));
        },
        InputObject);

    private WholeImageOptions Options()
    {
        var defaults = new WholeImageOptions();
        var start = Recipe is null ? defaults : Require(() => HeadRecipe.Find(Recipe)).Apply(defaults);
        return start with
        {
            ImageSize = ImageSize,
            Classes = Classes(),
            BlockType = Given(nameof(BlockType), BlockType, start.BlockType),
            TopDepth = Given(nameof(TopDepth), [.. TopDepth], start.TopDepth),
            TopRepetition = Given(nameof(TopRepetition), [.. TopRepetition], start.TopRepetition),
            BottleneckEnlargeFactor = Given(nameof(BottleneckEnlargeFactor), BottleneckEnlargeFactor, start.BottleneckEnlargeFactor),
            ShortcutWithBatchNorm = !NoShortcutBatchNorm,
            AddHeatmap = Given(nameof(AddHeatmap), AddHeatmap.ToBool(), start.AddHeatmap),
            HeatmapOnly = HeatmapOnly,
            AvgPoolSize = Given(nameof(AvgPoolSize), AvgPoolSize, start.AvgPoolSize),
            HeatmapStride = Given(nameof(HeatmapStride), HeatmapStride, start.HeatmapStride),
            HeatmapPoolSize = Given(nameof(HeatmapPoolSize), HeatmapPoolSize, start.HeatmapPoolSize),
            HeatmapPooling = HeatmapPooling,
            TopK = TopK,
            AddConv = Given(nameof(FullyConnected), !FullyConnected, start.AddConv),
            FcInitUnit = Given(nameof(FcInitUnit), FcInitUnit, start.FcInitUnit),
            FcLayer = Given(nameof(FcLayer), FcLayer, start.FcLayer),
            AddShortcut = Given(nameof(AddShortcut), AddShortcut.ToBool(), start.AddShortcut),
            HiddenDropout = HiddenDropout,
            WeightDecay = WeightDecay,
            CutLayer = CutLayer,
        };
    }

    // Top-k pooling hands the patch classes on; two of them are a film's, and more cannot be called neg and pos.
    private ImmutableArray<string> Classes() =>
        HeatmapPooling == HeatmapPooling.TopK && InputObject.Card.Classes is { IsDefaultOrEmpty: false, Length: > 2 }
            && !MyInvocation.BoundParameters.ContainsKey(nameof(Class))
            ? InputObject.Card.Classes
            : [.. Class];

    private static IEnumerable<string> WithoutEffect(WholeImageOptions options)
    {
        string[] residual = [nameof(BottleneckEnlargeFactor), nameof(NoShortcutBatchNorm)];
        string[] convolutional = [nameof(BlockType), nameof(TopDepth), nameof(TopRepetition), .. residual];
        string[] connected = [nameof(FcInitUnit), nameof(FcLayer)];
        if (options.HeatmapOnly)
            return [
                nameof(Class),
                nameof(Recipe),
                nameof(AddHeatmap),
                nameof(HeatmapPoolSize),
                nameof(TopK),
                nameof(FullyConnected),
                nameof(HiddenDropout),
                .. convolutional,
                .. connected];
        if (options.HeatmapPooling == HeatmapPooling.TopK)
            return [
                nameof(Recipe), nameof(HeatmapPoolSize), nameof(FullyConnected), nameof(HiddenDropout), nameof(AddShortcut), .. convolutional, .. connected];
        string[] heatmap = options.AddHeatmap ? [nameof(TopK)] : [nameof(AvgPoolSize), nameof(HeatmapStride), nameof(HeatmapPoolSize), nameof(TopK)];
        return [.. heatmap, .. !options.AddConv ? convolutional : options.BlockType == TopBlock.Vgg ? [.. residual, .. connected] : connected];
    }
}
