using System.Collections.Immutable;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Data.Loading;
using Mammo.Evaluation;
using Mammo.Networks.Models;

namespace Mammo.Networks.Inference;

/// <summary>
/// Scores images one after the other while the next ones are decoded: images are added, results taken in the same order. Constant memory, one consumer thread.
/// </summary>
public sealed class Predictor : IDisposable
{
    private readonly ImmutableArray<EnsembleMember> _members;
    private readonly ImmutableArray<Preparation> _preparations;
    private readonly ImmutableArray<InputChecks> _checks;
    private readonly OrderedLoader<MammoImage, LoadedImage> _loader;
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);
    private readonly List<string> _standing;
    private readonly PredictorOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly int _batchSize;

    /// <summary>Makes the engines of the models, which is where native libraries are loaded.</summary>
    /// <param name="models">One model, or several whose probabilities are averaged.</param>
    /// <param name="options">How to predict.</param>
    /// <param name="cancellation">Ends the run between two runs of a network with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="MammoException">A device, engine or model cannot be used as asked, or the models do not belong together.</exception>
    public Predictor(IReadOnlyList<MammoModel> models, PredictorOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(options);
        (_options, _cancellation) = (options, cancellation);
        _members = EnsembleMember.Of(models, options);
        _preparations = [.. _members.Select(member => member.Preparation.Preparation).Distinct()];
        _checks = [.. _preparations.Select(preparation => new InputChecks(preparation))];
        _batchSize = options.BatchSize > 0 ? options.BatchSize : 1;
        var workers = options.WorkerCount > 0 ? options.WorkerCount : Environment.ProcessorCount;
        _loader = new OrderedLoader<MammoImage, LoadedImage>(Load, workers, _batchSize + Math.Max(_batchSize, workers), cancellation);
        _standing = [.. Preliminary().Select(warning => warning.Id)];
    }

    /// <summary>Where each model's preparation comes from, for people.</summary>
    public IEnumerable<string> Decisions => _members.SelectMany(member => member.Preparation.Decisions.Select(decision => $"{member.Name}: {decision}; engine {member.Engine.Name}"));

    /// <summary>Warnings about the models that hold before any image is seen; every record has them.</summary>
    public IEnumerable<InputWarning> Preliminary() => _members
        .SelectMany(member => member.Preparation.Warnings)
        .Append(ClassOrder.Check($"'{_members[0].Name}'", _members[0].Model.Classes))
        .OfType<InputWarning>()
        .DistinctBy(warning => warning.Message);

    /// <summary>Announces a dataset whose images will be added, and warns of it; the records from here on have that warning.</summary>
    /// <param name="dataset">The dataset.</param>
    public InputWarning? Announce(MammoDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var warning = ClassOrder.Check($"dataset '{dataset.Name}'", dataset.Classes);
        if (warning is not null)
            _standing.Add(warning.Id);
        return warning;
    }

    /// <summary>Adds an image and returns the results that became ready; runs the network when a batch is complete.</summary>
    public IEnumerable<PredictionResult> Add(MammoImage image)
    {
        while (_loader.IsFull || _loader.ReadyCount >= _batchSize)
        {
            foreach (var result in RunBatch())
                yield return result;
        }

        _loader.Add(image);
    }

    /// <summary>Runs what is left and returns its results.</summary>
    public IEnumerable<PredictionResult> Finish()
    {
        while (_loader.Count > 0)
        {
            foreach (var result in RunBatch())
                yield return result;
        }
    }

    /// <summary>Stops the decoding; engines stay with their models.</summary>
    public void Dispose() => _loader.Dispose();

    private LoadedImage Load(MammoImage image, CancellationToken cancellation)
    {
        var grey = ImageReader.Read(image.Path);
        cancellation.ThrowIfCancellationRequested();
        return LoadedImage.Of([.. _preparations.Select(preparation => preparation.Apply(grey))], _options.Augment);
    }

    private List<PredictionResult> RunBatch()
    {
        var loaded = new List<LoadResult<MammoImage, LoadedImage>>(_batchSize);
        while (loaded.Count < _batchSize && _loader.Count > 0)
            loaded.Add(_loader.Take());
        var whole = loaded.Where(result => result.Error is null).Select(result => result.Value!).ToList();
        var scores = _members.Select(member => EnsembleScores.Run(member.Engine, whole, _preparations.IndexOf(member.Preparation.Preparation), _cancellation)).ToArray();
        var results = new List<PredictionResult>(loaded.Count);
        var index = 0;
        foreach (var result in loaded)
            results.Add(result.Error is { } error ? new PredictionResult(result.Item, null, Failure(result.Item, error), []) : Result(result.Item, result.Value!, scores, index++));
        return results;
    }

    private static MammoException Failure(MammoImage image, Exception error) => error as MammoException
        ?? new MammoException(ErrorIds.Unexpected, $"'{image.Path}' could not be prepared: {error.Message}", target: image.Path, inner: error);

    private PredictionResult Result(MammoImage image, LoadedImage loaded, double[][][] scores, int index)
    {
        var warnings = loaded.Prepared.SelectMany((prepared, preparation) => _checks[preparation].Examine(image, prepared)).DistinctBy(warning => warning.Id).ToList();
        var classes = _members[0].Model.Classes;
        var mean = new double[classes.Length];
        for (var label = 0; label < mean.Length; label++)
            mean[label] = scores.Average(member => member[index][label]);
        var prediction = new MammoPrediction
        {
            Path = image.Path,
            Class = image.Class,
            Label = ClassOrder.Label(image.Class, image.Label, classes),
            Score = mean[^1],
            Probability = ScoreTable.Of(classes, mean),
            ModelScore = ScoreTable.Of([.. _members.Select(member => member.Name)], [.. scores.Select(member => member[index][^1])]),
            Patient = image.Patient,
            Laterality = image.Laterality,
            View = image.View,
            SampleWeight = image.SampleWeight,
            Warning = string.Join(';', _standing.Concat(warnings.Select(warning => warning.Id)).Distinct(StringComparer.Ordinal)),
            Engine = string.Join(';', _members.Select(member => member.Engine.Name).Distinct()),
        };
        return new PredictionResult(image, prediction, null, [.. warnings.Where(warning => _warned.Add(warning.Id))]);
    }
}
