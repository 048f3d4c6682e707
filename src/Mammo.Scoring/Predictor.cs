using System.Collections.Immutable;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Evaluation;
using Mammo.Networks.Models;

namespace Mammo.Scoring;

/// <summary>
/// Scores images one after the other while the next ones are decoded: images are added, results taken in the same order. Constant memory, one consumer thread.
/// </summary>
public sealed class Predictor : IDisposable
{
    private readonly ImmutableArray<EnsembleMember> _members;
    private readonly ImmutableArray<Preparation> _preparations;
    private readonly ImmutableArray<InputChecks> _checks;
    private readonly ImageRun<LoadedImage, PredictionResult> _run;
    private readonly RunWarnings _warnings;
    private readonly CancellationToken _cancellation;

    /// <summary>Makes the engines of the models, which is where native libraries are loaded.</summary>
    /// <param name="models">One model, or several whose probabilities are averaged.</param>
    /// <param name="options">How to predict.</param>
    /// <param name="cancellation">Ends the run between two runs of a network with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="MammoException">A device, engine or model cannot be used as asked, or the models do not belong together.</exception>
    public Predictor(IReadOnlyList<MammoModel> models, PredictorOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(options);
        _cancellation = cancellation;
        _members = EnsembleMember.Of(models, options);
        _preparations = [.. _members.Select(member => member.Preparation.Preparation).Distinct()];
        _checks = [.. _preparations.Select(preparation => new InputChecks(preparation))];
        _warnings = new RunWarnings(Preliminary());
        _run = new(image => LoadedImage.Of(image, _preparations, options.Augment), options.BatchSize, options.WorkerCount, cancellation)
        {
            Score = Score,
            Fail = (image, failure) => new PredictionResult(image, null, failure, []),
        };
    }

    /// <summary>Where each model's preparation comes from, for people.</summary>
    public IEnumerable<string> Decisions => _members.SelectMany(member => member.Preparation.Decisions.Select(decision => $"{member.Name}: {decision}; engine {member.Engine.Name}"));

    /// <summary>Warnings about the models that hold before any image is seen; every record has them.</summary>
    public IEnumerable<Finding> Preliminary() => _members
        .SelectMany(member => member.Preparation.Findings)
        .Append(ClassOrder.Check($"'{_members[0].Name}'", _members[0].Model.Classes))
        .OfType<Finding>()
        .DistinctBy(warning => warning.Message);

    /// <summary>Announces a dataset whose images will be added, and warns of it; the records from here on have that warning.</summary>
    /// <param name="dataset">The dataset.</param>
    public Finding? Announce(MammoDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var warning = ClassOrder.Check($"dataset '{dataset.Name}'", dataset.Classes);
        if (warning is not null)
            _warnings.Stand(warning);
        return warning;
    }

    /// <summary>Adds an image and returns the results that became ready; runs the network when a batch is complete.</summary>
    public IEnumerable<PredictionResult> Add(MammoImage image) => _run.Add(image);

    /// <summary>Runs what is left and returns its results.</summary>
    public IEnumerable<PredictionResult> Finish() => _run.Finish();

    /// <summary>Stops the decoding; engines stay with their models.</summary>
    public void Dispose() => _run.Dispose();

    private PredictionResult[] Score(IReadOnlyList<(MammoImage Image, LoadedImage Loaded)> images)
    {
        LoadedImage[] loaded = [.. images.Select(image => image.Loaded)];
        var scores = _members.Select(member => EnsembleScores.Run(member.Engine, loaded, _preparations.IndexOf(member.Preparation.Preparation), _cancellation)).ToArray();
        return [.. images.Select((image, index) => Result(image.Image, image.Loaded, scores, index))];
    }

    private PredictionResult Result(MammoImage image, LoadedImage loaded, double[][][] scores, int index)
    {
        var warnings = loaded.Prepared.SelectMany((prepared, preparation) => _checks[preparation].Examine(image, loaded.Film, prepared)).DistinctBy(warning => warning.Id).ToList();
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
            Probability = NamedTable.Of(classes, mean),
            ModelScore = NamedTable.Of([.. _members.Select(member => member.Name)], [.. scores.Select(member => member[index][^1])]),
            Patient = image.Patient,
            Laterality = image.Laterality,
            View = image.View,
            SampleWeight = image.SampleWeight,
            Warning = _warnings.Ids(warnings),
            Engine = string.Join(';', _members.Select(member => member.Engine.Name).Distinct()),
        };
        return new PredictionResult(image, prediction, null, _warnings.New(warnings));
    }
}

/// <summary>What became of one image: a prediction, or the reason why there is none; and what was noticed for the first time in this run.</summary>
/// <param name="Image">The image.</param>
/// <param name="Prediction">Its scores; null after a failure.</param>
/// <param name="Failure">Why it could not be scored; null otherwise.</param>
/// <param name="NewWarnings">Warnings that no earlier image of the run had.</param>
public sealed record PredictionResult(MammoImage Image, MammoPrediction? Prediction, MammoException? Failure, IReadOnlyList<Finding> NewWarnings);
