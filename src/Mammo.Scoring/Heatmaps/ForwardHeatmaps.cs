using System.Collections.Immutable;
using Mammo.Data.Examination;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring.Engines;

namespace Mammo.Scoring.Heatmaps;

/// <summary>Heatmaps of one pass over the whole image (reference: the original's --fprop-mode).</summary>
internal sealed class ForwardHeatmaps : IHeatmapMethod
{
    private readonly MammoModel _model;
    private readonly MammoModel _network;
    private readonly ImmutableArray<LayerGraph> _parts;

    /// <summary>Finds or makes the network that ends with the heatmap, and its engine.</summary>
    public ForwardHeatmaps(MammoModel model, HeatmapOptions options)
    {
        _model = model;
        _network = HeatmapNetwork.Of(model, options, out var notes);
        _parts = Ensemble.Graphs(_network);
        Decisions = notes;
        Preparation = ModelPreparation.For(_network, options.Images.Preparation);
        Engine = EngineFactory.For(_network, options.Images, Preparation.Preparation.FeaturewiseMean, Preparation.Preparation.Size);
    }

    /// <inheritdoc/>
    public ModelPreparation Preparation { get; }

    /// <inheritdoc/>
    public IEngine Engine { get; }

    /// <inheritdoc/>
    public ImmutableArray<string> Classes => _network.Classes;

    /// <inheritdoc/>
    public bool IsProbability => HeatmapLayer.GivesProbabilities(_network.Graph);

    /// <inheritdoc/>
    public IEnumerable<string> Decisions { get; }

    /// <inheritdoc/>
    public HeatmapInput Prepare(GreyImage stored)
    {
        var prepared = Preparation.Preparation.Apply(stored);
        var size = new ImageSize(prepared.Plane.Height, prepared.Plane.Width);
        return new HeatmapInput(FilmFacts.Of(stored), prepared, HeatmapNetwork.Geometry(_model.Name, _parts, size), Frame: null);
    }

    /// <inheritdoc/>
    public float[][] Run(IReadOnlyList<HeatmapInput> inputs, CancellationToken cancellation) => Run(Engine, inputs, cancellation);

    /// <summary>Runs an engine on whole images, those of one size together.</summary>
    internal static float[][] Run(IEngine engine, IReadOnlyList<HeatmapInput> inputs, CancellationToken cancellation)
    {
        var heatmaps = new float[inputs.Count][];
        foreach (var group in Enumerable.Range(0, inputs.Count).GroupBy(index => (inputs[index].Prepared.Plane.Height, inputs[index].Prepared.Plane.Width)))
        {
            cancellation.ThrowIfCancellationRequested();
            var output = engine.Run(
                new PlaneBatch(group.Key.Height, group.Key.Width, [.. group.Select(index => inputs[index].Prepared.Plane.Values)]), cancellation);
            foreach (var (index, position) in group.Select((index, position) => (index, position)))
                heatmaps[index] = Array.ConvertAll(output.Of(position).ToArray(), value => (float)value);
        }

        return heatmaps;
    }

    /// <summary>Frees the network that was made here; the user's model keeps its engine.</summary>
    public void Dispose()
    {
        if (_network != _model)
            _network.Dispose();
    }
}
