using System.Collections.Immutable;
using Mammo.Data.Examination;
using Mammo.Data.Images;
using Mammo.Data.Sweeps;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring.Engines;

namespace Mammo.Scoring.Heatmaps;

/// <summary>Heatmaps of any network that gives scores: Grad-CAM (Selvaraju and others, ICCV 2017), whose formula is at the engine.</summary>
internal sealed class GradCamHeatmaps : IHeatmapMethod
{
    private readonly MammoModel _model;
    private readonly GradCamNetwork _network;

    /// <summary>Chooses the layer and makes the engine.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.HeatmapImpossible"/>; <see cref="ErrorIds.EngineConflict"/>, <see cref="ErrorIds.TorchUnavailable"/>: gradients need libtorch;
    /// <see cref="ErrorIds.NetworkTooLarge"/>.
    /// </exception>
    public GradCamHeatmaps(MammoModel model, HeatmapOptions options)
    {
        _model = model;
        _network = GradCamNetwork.Of(model, options.Layer);
        Preparation = ModelPreparation.For(model, options.Images.Preparation);
        var prepared = Preparation.Preparation;
        Engine = EngineFactory.ForGradCam(
            model, _network.Graph, _network.Weights, _network.Layer, options.Images, prepared.FeaturewiseMean, prepared.Size);
        Decisions = [$"Grad-CAM at layer '{_network.Layer}'"];
    }

    /// <inheritdoc/>
    public ModelPreparation Preparation { get; }

    /// <inheritdoc/>
    public IEngine Engine { get; }

    /// <inheritdoc/>
    public ImmutableArray<string> Classes => _model.Classes;

    /// <inheritdoc/>
    public bool IsProbability => false;

    /// <inheritdoc/>
    public IEnumerable<string> Decisions { get; }

    /// <inheritdoc/>
    public HeatmapInput Prepare(GreyImage stored)
    {
        var prepared = Preparation.Preparation.Apply(stored);
        var size = new ImageSize(prepared.Plane.Height, prepared.Plane.Width);
        return new HeatmapInput(FilmFacts.Of(stored), prepared, Places(size), Frame: null);
    }

    /// <summary>Where the positions of the map lie in an image of a size.</summary>
    public HeatmapGeometry Places(ImageSize size)
    {
        var shape = ShapeInference.Infer(_network.Graph, size)[_network.Layer].Sizes;

        // A cell of the map is the image divided evenly, as for the heatmap of a network.
        var (rows, columns) = (shape[0]!.Value, shape[1]!.Value);
        var (height, width) = ((double)size.Height / rows, (double)size.Width / columns);
        return new HeatmapGeometry(rows, columns, Top: 0, Left: 0, height, width, height, width);
    }

    /// <inheritdoc/>
    public float[][] Run(IReadOnlyList<HeatmapInput> inputs, CancellationToken cancellation) => ForwardHeatmaps.Run(Engine, inputs, cancellation);

    /// <summary>The model and its engine are the user's.</summary>
    public void Dispose()
    {
    }
}
