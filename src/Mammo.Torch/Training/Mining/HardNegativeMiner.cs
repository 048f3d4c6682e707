using System.Collections.Immutable;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Loading;
using Mammo.Data.Patches;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Heatmaps;
using Mammo.Torch.Training.Batches;

namespace Mammo.Torch.Training.Mining;

/// <summary>Finds hard negatives in whole films and cuts them.</summary>
internal sealed class HardNegativeMiner
{
    private readonly MammoModel _model;
    private readonly TrainingData _data;
    private readonly HardNegativeMining _mining;
    private readonly TrainingOptions _options;
    private readonly HeatmapOptions _heatmaps;
    private readonly ImmutableArray<MiningFilm> _films;
    private readonly int _patchSize;
    private readonly Action<Finding> _warn;
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);

    /// <summary>Checks model, options and films.</summary>
    /// <param name="model">The patch classifier that is trained.</param>
    /// <param name="options">The training's options.</param>
    /// <param name="data">Its data, with films.</param>
    /// <param name="lastEpoch">The epoch at which the training ends at the latest.</param>
    /// <param name="warn">Receives what is doubtful.</param>
    /// <param name="cancellation">Ends the checks.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.TrainingOptionInvalid"/>; <see cref="ErrorIds.FilmNotMined"/>; <see cref="ErrorIds.DataLeakage"/>;
    /// <see cref="ErrorIds.HeatmapImpossible"/>, <see cref="ErrorIds.ModelClassMismatch"/>, <see cref="ErrorIds.NetworkTooLarge"/>: the network gives no
    /// heatmap of such films.
    /// </exception>
    public HardNegativeMiner(
        MammoModel model, TrainingOptions options, TrainingData data, int lastEpoch, Action<Finding> warn, CancellationToken cancellation)
    {
        (_model, _options, _data, _mining, _warn) = (model, options, data, data.HardNegatives!, warn);
        MiningChecks.Run(data, lastEpoch);
        var size = data.Preparation.Size!.Value;
        _patchSize = size.Height;
        Background = ModelFactory.Background(model.Name, data.Train.Classes);
        MostPatches = data.Train.Images.Count(image => image.Label == Background) / 2;
        _heatmaps = new HeatmapOptions
        {
            AvgPoolSize = Pool(model.Graph, size),
            Images = new PredictorOptions
            {
                Preparation = PreparationWishes.None with { ImageSize = _mining.ImageSize },
                Dicom = data.Dicom,
                WorkerCount = data.WorkerCount,
                Device = options.Device,
                // A trial could choose another engine in the run that goes on from a checkpoint.
                Engine = EngineKind.Torch,
            },
        };
        using var network = HeatmapNetwork.Of(model, _heatmaps, out _);
        ActivationMemory.Require(network.Graph, _mining.ImageSize, model.Name);
        MiningFilms.CheckLeakage(data, cancellation);
        _films = MiningFilms.Of(_mining, HeatmapLayer.Find(network.Graph, _mining.ImageSize)!.Geometry, data.Dicom, warn, cancellation);
    }

    /// <summary>Label of the background.</summary>
    public int Background { get; }

    /// <summary>Half of the background patches keep their places, so that ordinary background is not forgotten.</summary>
    public int MostPatches { get; }

    /// <summary>Whether films are mined before an epoch.</summary>
    /// <param name="done">Epochs done.</param>
    public bool IsDue(int done) => done > 0 && done % _mining.Every == 0;

    /// <summary>The highest places of the films' heatmaps off lesions, the highest of all first.</summary>
    /// <param name="weights">The network's weights now.</param>
    /// <param name="card">How it has images prepared.</param>
    /// <param name="cancellation">Ends the work between two films.</param>
    /// <exception cref="MammoException">A film cannot be read.</exception>
    public ImmutableArray<MinedPlace> Mine(KeptWeights weights, ModelCard card, CancellationToken cancellation)
    {
        using var model = new MammoModel(_model.Name, _model.Graph, weights.ToModel(_model.Graph), card);
        using var maker = new HeatmapMaker(model, _heatmaps, cancellation);
        var places = new List<MinedPlace>();
        var next = 0;
        foreach (var result in _films.SelectMany(film => maker.Add(film.Image)).Concat(maker.Finish()))
        {
            foreach (var finding in result.NewWarnings.Where(finding => finding.Id != ErrorIds.DataLeakage && _warned.Add(finding.Id)))
                _warn(finding);
            places.AddRange(Highest(_films[next++], result.Heatmap ?? throw result.Failure!));
        }

        // Sorting is stable: of equals the earlier film's.
        return [.. places.OrderByDescending(place => place.Score).Take(MostPatches)];
    }

    /// <summary>The patches at places, as a patch set of the films has them: resized, not segmented, with black beyond the film's edge.</summary>
    /// <param name="places">The places.</param>
    /// <param name="cancellation">Ends the work between two films.</param>
    /// <exception cref="MammoException">A film cannot be read.</exception>
    public ImmutableArray<MinedPatch> Cut(ImmutableArray<MinedPlace> places, CancellationToken cancellation)
    {
        var workers = _data.WorkerCount > 0 ? _data.WorkerCount : Environment.ProcessorCount;
        return [.. places.GroupBy(place => place.Film).LoadOrdered((film, _) => Patches(film), workers, workers, cancellation)
            .SelectMany(result => result.ValueOrThrow())];

        MinedPatch[] Patches(IGrouping<int, MinedPlace> film)
        {
            var path = _mining.Films.Images[film.Key].Path;
            var patches = new FilmPatches(ImageReader.Read(path, dicom: _data.Dicom), _data.Preparation with { Size = _mining.ImageSize }, _patchSize);
            return [.. film.Select(place => new MinedPatch(patches.Cut(new PixelPoint(place.X, place.Y)), Background, path))];
        }
    }

    /// <summary>The highest allowed positions; patches of one film cover each other by half at most along one side.</summary>
    private IEnumerable<MinedPlace> Highest(MiningFilm film, MammoHeatmap heatmap)
    {
        var taken = new List<MinedPlace>(_mining.Count);
        foreach (var position in Enumerable.Range(0, film.IsAllowed.Length).Where(position => film.IsAllowed[position]).OrderByDescending(Score))
        {
            var (x, y) = heatmap.Geometry.Centre(position / heatmap.Columns, position % heatmap.Columns);
            var place = new MinedPlace(film.Number, (int)Math.Round(x), (int)Math.Round(y), Score(position));
            if (taken.Exists(other => Math.Max(Math.Abs(other.X - place.X), Math.Abs(other.Y - place.Y)) * 2 < _patchSize))
                continue;
            taken.Add(place);
            if (taken.Count == _mining.Count)
                break;
        }

        return taken;

        double Score(int position) => 1.0 - heatmap.Values[(position * heatmap.Classes.Length) + Background];
    }

    /// <summary>The pool that sees a whole patch: the feature map of a patch as it is trained.</summary>
    private static Size2D Pool(LayerGraph graph, ImageSize patch)
    {
        var cut = PatchCut.Find(graph, cutLayer: null);
        var sizes = ShapeInference.Infer(cut.Patch, patch)[cut.Last.Name].Sizes;
        return new Size2D(sizes[0]!.Value, sizes[1]!.Value);
    }
}
