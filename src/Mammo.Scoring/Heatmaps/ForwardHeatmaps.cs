using System.Collections.Immutable;
using Mammo.Data.Examination;
using Mammo.Data.Images;
using Mammo.Networks.Models;
using Mammo.Scoring.Engines;

namespace Mammo.Scoring.Heatmaps;

/// <summary>Heatmaps of one pass over the whole image (reference: the original's --fprop-mode).</summary>
internal sealed class ForwardHeatmaps : IHeatmapMethod
{
    private readonly MammoModel _model;
    private readonly MammoModel _network;

    /// <summary>Finds or makes the network that ends with the heatmap, and its engine.</summary>
    public ForwardHeatmaps(MammoModel model, HeatmapOptions options)
    {
        _model = model;
        _network = HeatmapNetwork.Of(model, options, out var notes);
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
        return new HeatmapInput(FilmFacts.Of(stored), prepared, HeatmapLayer.Find(_network.Graph, size)!.Geometry, Frame: null);
    }

    /// <inheritdoc/>
    public float[][] Run(IReadOnlyList<HeatmapInput> inputs, CancellationToken cancellation)
    {
        var heatmaps = new float[inputs.Count][];
        foreach (var group in Enumerable.Range(0, inputs.Count).GroupBy(index => (inputs[index].Prepared.Plane.Height, inputs[index].Prepared.Plane.Width)))
        {
            cancellation.ThrowIfCancellationRequested();
            var output = Engine.Run(
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
