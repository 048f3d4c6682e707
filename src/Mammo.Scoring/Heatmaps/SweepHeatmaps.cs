using System.Collections.Immutable;
using Mammo.Data.Examination;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Data.Sweeps;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring.Engines;

namespace Mammo.Scoring.Heatmaps;

/// <summary>Heatmaps of a patch classifier that sees every patch of the breast alone (reference: the original's heatmap_score without --fprop-mode).</summary>
internal sealed class SweepHeatmaps : IHeatmapMethod
{
    /// <summary>The original's default patch.</summary>
    private const int DefaultPatchSize = 256;

    // As many pixels in one run of the network as a whole image has: activations then take as much memory as they do there.
    private const int PixelsOfRun = 1152 * 896;
    private const int MostPatchesOfRun = 128;

    private readonly MammoModel _model;
    private readonly Preparation _film;
    private readonly SweepPreparation _patch;
    private readonly int _patchSize;
    private readonly int _stride;
    private readonly int _batchSize;
    private readonly Action<int, int> _patchesDone;

    /// <summary>Decides about patches and preparation and makes the engine.</summary>
    /// <param name="model">The patch classifier.</param>
    /// <param name="options">How to sweep.</param>
    /// <param name="patchesDone">Called after each run of the network: patches of the image done, and their number.</param>
    /// <param name="cancellation">Ends a trial of engines.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.HeatmapImpossible"/>: the network gives no single vector; <see cref="ErrorIds.ModelInputMismatch"/>: it takes another size than
    /// the patch's.
    /// </exception>
    public SweepHeatmaps(MammoModel model, HeatmapOptions options, Action<int, int> patchesDone, CancellationToken cancellation)
    {
        (_model, _patchesDone) = (model, patchesDone);
        if (ShapeInference.Infer(model.Graph)[model.Graph.Outputs[0]].Rank != 1)
            throw new MammoException(
                ErrorIds.HeatmapImpossible,
                $"'{model.Name}' gives a heatmap itself, so it cannot sweep over patches.",
                "Use -Kind Forward, or give a patch classifier.",
                model.Name);
        _patchSize = options.PatchSize ?? SideOf(ModelPreparation.FixedSize(model.Graph) ?? model.Card.ImageSize) ?? DefaultPatchSize;
        _stride = options.Stride ?? Math.Max(1, _patchSize / 2);
        _batchSize = options.Images.BatchSize > 0
            ? options.Images.BatchSize
            : (int)Math.Clamp(PixelsOfRun / ((long)_patchSize * _patchSize), 1, MostPatchesOfRun);
        var patch = new ImageSize(_patchSize, _patchSize);
        var prepared = ModelPreparation.For(
            model, options.Images.Preparation with { ImageSize = options.PatchSize is null ? null : patch }, sizeParameter: "-PatchSize");
        _film = prepared.Preparation with { Size = options.Images.Preparation.ImageSize, TargetHeight = options.TargetHeight };
        Preparation = prepared with { Preparation = _film };
        _patch = new SweepPreparation
        {
            TargetScale = _film.TargetScale,
            RescaleFactor = _film.RescaleFactor,
            EqualizeHistogram = _film.EqualizeHistogram,
            FeaturewiseMean = _film.FeaturewiseMean?.Single,
        };
        Engine = EngineFactory.For(model, options.Images, _film.FeaturewiseMean, patch, cancellation);
        var size = options.TargetHeight is { } height ? $"with {height} rows" : options.Images.Preparation.ImageSize is { } given ? $"at {given}"
            : "at their own size";
        Decisions = [
            FormattableString.Invariant($"sweep over images {size}: patches of {patch} at steps of {_stride}, {_batchSize} in one run of the network")];
    }

    /// <inheritdoc/>
    public ModelPreparation Preparation { get; }

    /// <inheritdoc/>
    public IEngine Engine { get; }

    /// <inheritdoc/>
    public ImmutableArray<string> Classes => _model.Classes;

    /// <inheritdoc/>
    public bool IsProbability => HeatmapLayer.GivesProbabilities(_model.Graph);

    /// <inheritdoc/>
    public IEnumerable<string> Decisions { get; }

    /// <inheritdoc/>
    public HeatmapInput Prepare(GreyImage stored)
    {
        var prepared = _film.Apply(stored);
        var source = _film.AutoLevel ? AutoLevel.Apply(stored) : stored;
        var frame = SweepFrame.Of(source, new ImageSize(prepared.Plane.Height, prepared.Plane.Width), _patchSize, _stride, _film.LocalContrast, _film.ZScore);
        return new HeatmapInput(FilmFacts.Of(stored), prepared, frame.Places, frame);
    }

    /// <inheritdoc/>
    public float[][] Run(IReadOnlyList<HeatmapInput> inputs, CancellationToken cancellation) => [.. inputs.Select(input => Run(input.Frame!, cancellation))];

    /// <summary>The model and its engine are the user's.</summary>
    public void Dispose()
    {
    }

    private static int? SideOf(ImageSize? size) => size is { } known && known.Height == known.Width ? known.Height : null;

    private float[] Run(SweepFrame frame, CancellationToken cancellation)
    {
        var (count, classes) = (frame.Geometry.Count, Classes.Length);
        var values = new float[checked(count * classes)];
        for (var first = 0; first < count; first += _batchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            var end = Math.Min(count, first + _batchSize);
            var output = Engine.Run(
                new PlaneBatch(_patchSize, _patchSize, [.. Enumerable.Range(first, end - first).Select(place => Patch(frame, place))]), cancellation);
            for (var index = 0; index < output.Values.Length; index++)
                values[(first * classes) + index] = (float)output.Values[index];
            _patchesDone(end, count);
        }

        return values;
    }

    private float[] Patch(SweepFrame frame, int place) => _patch.Apply(frame.Cut(place / frame.Geometry.Columns, place % frame.Geometry.Columns)).Values;
}
