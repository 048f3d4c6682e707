using System.Management.Automation;
using Mammo.Data.Datasets;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;
using Mammo.Scoring.Heatmaps;

namespace Mammo.PowerShell.Predictions;

/// <summary>Makes heatmaps of mammograms: the probability of each patch class at many places of the image, with those places. Research use only.</summary>
/// <remarks>
/// Datasets or files come from the pipeline and models from <c>-Model</c>, or models from the pipeline and images from <c>-Dataset</c>, <c>-Path</c>,
/// <c>-LiteralPath</c> or <c>-Image</c>.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "MammoHeatmap", DefaultParameterSetName = "Dataset")]
[OutputType(typeof(MammoHeatmap))]
public sealed class GetMammoHeatmapCommand : ImageRunCommand
{
    private readonly List<HeatmapMaker> _makers = [];

    /// <summary>
    /// The models: patch classifiers, for Forward whole-image models with a heatmap, for GradCam any that score. Each gives a heatmap of its own.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Dataset")]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "LiteralPath")]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Image")]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Source")]
    [ModelTransformation(ImagesFollow = true)]
    [ArgumentCompleter(typeof(ShippedModelCompleter))]
    [NotEmpty]
    public MammoModel[] Model { get; set; } = [];

    /// <summary>
    /// Forward takes the image through the network once; Sweep cuts the breast into overlapping patches and gives each to the patch classifier, which takes
    /// far longer; GradCam weights the maps of a layer by the gradients of the scores, for models without a heatmap.
    /// </summary>
    [Parameter]
    public HeatmapKind Kind { get; set; }

    /// <summary>Sweep: side of a patch in pixels of the resized image; the size that the model was made for unless set, or 256.</summary>
    [Parameter]
    [InRange(2, 16384)]
    public int? PatchSize { get; set; }

    /// <summary>Sweep: pixels from one patch to the next; half a patch unless set.</summary>
    [Parameter]
    [InRange(1, 65536)]
    [PSDefaultValue(Help = "half of -PatchSize")]
    public int? Stride { get; set; }

    /// <summary>Sweep: rows to which images are resized first, columns in proportion.</summary>
    [Parameter]
    [Alias("ImgHeight")]
    [InRange(1, 65536)]
    public int? TargetHeight { get; set; }

    /// <summary>
    /// Forward with a patch classifier: rows and columns of the average pool before its output layer, in cells of the feature map; about a patch; 7, 7 unless
    /// set.
    /// </summary>
    [Parameter]
    [Size2DTransformation]
    public Size2D? AvgPoolSize { get; set; }

    /// <summary>Forward with a patch classifier: step of that pool in rows and columns; 1, 1 unless set.</summary>
    [Parameter]
    [Alias("HmStrides")]
    [Size2DTransformation]
    public Size2D? HeatmapStride { get; set; }

    /// <summary>Forward: the mean of the heatmaps of each image and its three flips, flipped back.</summary>
    [Parameter]
    public SwitchParameter Augment { get; set; }

    /// <summary>GradCam: name of the layer whose maps are weighted; the last one that convolves, with its activation, unless set.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(LayerCompleter))]
    [NotEmpty]
    [PSDefaultValue(Help = "the last layer that convolves, with its activation")]
    public string? Layer { get; set; }

    /// <summary>Images, or for Sweep patches, in one run of the network; 0 chooses one image or as many patches as are about its size.</summary>
    [Parameter]
    [InRange(0, 4096)]
    public int BatchSize { get; set; }

    private protected override string Activity => "Making heatmaps";

    private protected override int RecordsPerImage => Model.Length;

    private protected override MammoModel[] Models
    {
        get => Model;
        set => Model = value;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _makers.ForEach(maker => maker.Dispose());

        base.Dispose(disposing);
    }

    private protected override void Run(MammoImage image)
    {
        if (_makers.Count == 0)
        {
            foreach (var model in Model)
                Start(model);
        }

        foreach (var maker in _makers)
            Write(maker.Add(image));
    }

    private protected override void Finish() => _makers.ForEach(maker => Write(maker.Finish()));

    private void Start(MammoModel model)
    {
        var maker = Require(() => new HeatmapMaker(model, Options(), StopToken) { PatchesDone = ShowPatches });
        _makers.Add(maker);
        foreach (var decision in maker.Decisions)
            WriteVerbose(decision);
        foreach (var warning in maker.Preliminary)
            WriteFinding(warning);
    }

    private void ShowPatches(int done, int count) => StartProgress(Activity).Update(Done, $"heatmap {Done + 1}: {done} of {count} patches", null);

    private HeatmapOptions Options() => new()
    {
        Kind = Kind,
        Images = SharedOptions with { BatchSize = BatchSize, Augment = Augment },
        PatchSize = PatchSize,
        Stride = Stride,
        TargetHeight = TargetHeight,
        AvgPoolSize = AvgPoolSize,
        HeatmapStride = HeatmapStride,
        Layer = Layer,
    };

    private void Write(IEnumerable<HeatmapResult> results)
    {
        using var enumerator = results.GetEnumerator();
        while (Require(enumerator.MoveNext))
        {
            var result = enumerator.Current;
            Write(result.Image, result.Heatmap, result.Failure, result.NewWarnings);
        }
    }
}
