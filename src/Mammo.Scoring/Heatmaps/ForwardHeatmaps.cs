using System.Collections.Immutable;
using Mammo.Data.Examination;
using Mammo.Data.Images;
using Mammo.Data.Sweeps;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring.Engines;

namespace Mammo.Scoring.Heatmaps;

/// <summary>Heatmaps of one pass over the whole image (reference: the original's --fprop-mode).</summary>
internal sealed class ForwardHeatmaps : IHeatmapMethod
{
    private static readonly ImmutableArray<(bool Horizontal, bool Vertical)> Flips = [(true, false), (false, true), (true, true)];
    private readonly MammoModel _model;
    private readonly MammoModel _network;
    private readonly ImmutableArray<LayerGraph> _parts;
    private readonly bool _augments;

    /// <summary>Finds or makes the network that ends with the heatmap, and its engine.</summary>
    public ForwardHeatmaps(MammoModel model, HeatmapOptions options, CancellationToken cancellation)
    {
        _model = model;
        _augments = options.Images.Augment;
        _network = HeatmapNetwork.Of(model, options, out var notes);
        _parts = Ensemble.Graphs(_network);
        Decisions = notes;
        Preparation = ModelPreparation.For(_network, options.Images.Preparation);
        Engine = EngineFactory.For(_network, options.Images, Preparation.Preparation.FeaturewiseMean, Preparation.Preparation.Size, cancellation);
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
    public float[][] Run(IReadOnlyList<HeatmapInput> inputs, CancellationToken cancellation)
    {
        var heatmaps = Run(Engine, inputs, cancellation);
        if (!_augments)
            return heatmaps;
        var sums = Array.ConvertAll(heatmaps, heatmap => Array.ConvertAll(heatmap, value => (double)value));
        foreach (var flip in Flips)
        {
            var flipped = Run(Engine, [.. inputs.Select(input => Flipped(input, flip))], cancellation);
            for (var image = 0; image < sums.Length; image++)
                AddBack(sums[image], flipped[image], inputs[image].Places, flip);
        }

        return Array.ConvertAll(sums, sum => Array.ConvertAll(sum, value => (float)(value / (1 + Flips.Length))));
    }

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

    private static HeatmapInput Flipped(HeatmapInput input, (bool Horizontal, bool Vertical) flip)
    {
        return input with { Prepared = input.Prepared with { Plane = input.Prepared.Plane.Flip(flip.Horizontal, flip.Vertical) } };
    }

    // The positions lie evenly in the image, so that a flip takes the first to the place of the last.
    private static void AddBack(double[] sum, float[] flipped, HeatmapGeometry places, (bool Horizontal, bool Vertical) flip)
    {
        var classes = sum.Length / places.Count;
        for (var i = 0; i < sum.Length; i++)
        {
            var (position, label) = Math.DivRem(i, classes);
            var (row, column) = Math.DivRem(position, places.Columns);
            var from = ((flip.Vertical ? places.Rows - 1 - row : row) * places.Columns) + (flip.Horizontal ? places.Columns - 1 - column : column);
            sum[i] += flipped[(from * classes) + label];
        }
    }

    /// <summary>Frees the network that was made here; the user's model keeps its engine.</summary>
    public void Dispose()
    {
        if (_network != _model)
            _network.Dispose();
    }
}
