using System.Collections.Immutable;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Evaluation;
using Mammo.Evaluation.Decisions;
using Mammo.Networks.Models;

namespace Mammo.Scoring.Prediction;

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
    private readonly ClassMatch _match;
    private readonly List<Finding> _unsaid = [];
    private readonly TrainingLeak _leak;
    private readonly string _inference;
    private readonly CardUse _cards;
    private readonly PredictionOrigin _origin;
    private readonly bool _isDicomOfEightBits;
    private readonly Dictionary<MammoImage, string> _splits = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int?> _positions = new(StringComparer.OrdinalIgnoreCase);

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
        _members = EnsembleMember.Of(models, options, cancellation);
        _match = ClassMatch.For(models[0], options.ClassMap);
        _preparations = [.. _members.Select(member => member.Preparation.Preparation).Distinct()];
        _checks = [.. _preparations.Select(preparation => new InputChecks(preparation))];
        _leak = new TrainingLeak(models);
        var dicom = ModelDicom.For(models, options.Dicom, options.Preparation);
        _cards = new CardUse(_members, options, dicom);
        _isDicomOfEightBits = dicom.BitDepth == 8;
        _warnings = new RunWarnings(Preliminary());
        _inference = InferenceText.Of(_members, options, dicom);
        _origin = new PredictionOrigin([.. models.Select(ScoringModel.Of)], options);
        _run = new(image => LoadedImage.Of(image, _preparations, options.Augment), dicom, options.BatchSize, options.WorkerCount, cancellation)
        {
            Score = Score,
            Fail = (image, failure) => new PredictionResult(image, null, failure, []),
        };
    }

    /// <summary>Where each model's preparation comes from and which engine runs it, for people.</summary>
    public IEnumerable<string> Decisions =>
        _members.SelectMany(member => member.Preparation.Decisions.Append($"engine {member.Engine.Decision}").Select(decision => $"{member.Name}: {decision}"))
            .Concat(_cards.Note is { } note ? [$"{_members[0].Name}: {note}"] : [])
            .Concat(_isDicomOfEightBits ? [$"{_members[0].Name}: DICOM images are given with 8 bits, as the training images had"] : []);

    /// <summary>Warnings about the models that hold before any image is seen; every record has them.</summary>
    public IEnumerable<Finding> Preliminary() => _members
        .SelectMany(member => member.Preparation.Findings)
        .Append(ClassOrder.Check($"'{_members[0].Name}'", _members[0].Model.Classes))
        .Append(_cards.Finding)
        .OfType<Finding>()
        .DistinctBy(warning => warning.Message);

    /// <summary>How images are scored: what each prediction carries (<see cref="MammoPrediction.Inference"/>).</summary>
    public string Inference => _inference;

    /// <summary>Threads that run the network on the CPU.</summary>
    public static int ThreadCount => ProcessorCores.Count;

    /// <summary>Announces a dataset whose images will be added: matches the classes of its images with the model's.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <returns>What was matched by its meaning; null when the names are the same.</returns>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelClassMismatch"/>: a class has no output that is certain.</exception>
    public Finding? Announce(MammoDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        _match.Check(dataset);
        var splits = string.Join(' ', dataset.Splits);
        foreach (var image in splits.Length > 0 ? dataset.Images : [])
            _splits[image] = splits;
        return Match($"dataset '{dataset.Name}'", dataset.Images.Select(image => image.Class));
    }

    /// <summary>Adds an image and returns the results that became ready; runs the network when a batch is complete.</summary>
    /// <param name="image">The image; its class is matched by itself unless its dataset was announced.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelClassMismatch"/>: its class has no output that is certain.</exception>
    public IEnumerable<PredictionResult> Add(MammoImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Class is { } name && !_positions.ContainsKey(name) && Match($"'{image.Path}'", _positions.Keys.Append(name)) is { } finding)
            _unsaid.Add(finding);
        return _run.Add(image);
    }

    /// <summary>Runs what is left and returns its results.</summary>
    public IEnumerable<PredictionResult> Finish() => _run.Finish();

    /// <summary>Stops the decoding; engines stay with their models.</summary>
    public void Dispose() => _run.Dispose();

    private Finding? Match(string owner, IEnumerable<string?> classes)
    {
        var (positions, finding) = _match.Of(owner, classes.OfType<string>(), _positions.Keys);
        foreach (var (name, position) in positions)
            _positions[name] = position;
        return finding;
    }

    private PredictionResult[] Score(IReadOnlyList<(MammoImage Image, LoadedImage Loaded)> images)
    {
        LoadedImage[] loaded = [.. images.Select(image => image.Loaded)];
        var scores = _members.Select(member => EnsembleScores.Run(
            member.Engine, loaded, _preparations.IndexOf(member.Preparation.Preparation), _cancellation)).ToArray();
        return [.. images.Select((image, index) => Result(image.Image, image.Loaded, scores, index))];
    }

    private PredictionResult Result(MammoImage image, LoadedImage loaded, double[][][] scores, int index)
    {
        var warnings = loaded.Prepared.SelectMany((prepared, preparation) => _checks[preparation].Examine(image, loaded.Film, prepared))
            .Concat(_leak.Of(image)).DistinctBy(warning => warning.Id).ToList();
        _splits.Remove(image, out var splits);
        var classes = _members[0].Model.Classes;
        var position = image.Class is null ? null : _positions[image.Class];
        var mean = new double[classes.Length];
        for (var label = 0; label < mean.Length; label++)
            mean[label] = scores.Average(member => member[index][label]);
        var probability = NamedTable.Of<double>(classes, mean);
        if (ScoreCheck.Fault(probability) is { } fault)
        {
            return new PredictionResult(image, null, new MammoException(
                ErrorIds.ScoreInvalid,
                $"The outputs of '{_members[0].Name}' for '{image.Path}' ({probability}) {fault}, so they are no probabilities of its classes.",
                "Use a model whose outputs are probabilities: Import-MammoModel -OutputActivation Softmax where they are logits.",
                image.Path), []);
        }

        double[][] own = [.. scores.Select((member, place) => _cards.Calibrated(place, member[index]))];
        for (var label = 0; label < mean.Length; label++)
            mean[label] = own.Average(member => member[label]);
        var decision = _cards.Decide(mean[^1]);
        var prediction = new MammoPrediction
        {
            Path = image.Path,
            TrueClass = position is { } known ? classes[known] : image.Class,
            Label = position,
            Score = mean[^1],
            Probability = NamedTable.Of<double>(classes, mean),
            Decision = decision,
            PredictedClass = decision switch { Decision.Positive => classes[^1], Decision.Negative when classes.Length == 2 => classes[0], _ => null },
            ModelScore = NamedTable.Of([.. _members.Select(member => member.Name)], [.. own.Select(member => member[^1])]),
            Patient = image.Patient,
            Laterality = image.Laterality,
            View = image.View,
            SampleWeight = image.SampleWeight,
            Extra = image.Extra,
            VoiUsed = loaded.Film.VoiUsed,
            SopInstanceUid = loaded.Film.SopInstanceUid,
            Warning = _warnings.Ids(warnings),
            Inference = _inference,
            Origin = _origin,
            SplitHash = splits ?? "",
            Engine = string.Join(';', _members.Select(member => member.Engine.Name).Distinct()),
        };
        Finding[] reported = [.. _unsaid, .. _warnings.New(warnings)];
        _unsaid.Clear();
        return new PredictionResult(image, prediction, null, reported);
    }
}

/// <summary>What became of one image: a prediction, or the reason why there is none; and what was noticed for the first time in this run.</summary>
/// <param name="Image">The image.</param>
/// <param name="Prediction">Its scores; null after a failure.</param>
/// <param name="Failure">Why it could not be scored; null otherwise.</param>
/// <param name="NewWarnings">Warnings that no earlier image of the run had.</param>
public sealed record PredictionResult(MammoImage Image, MammoPrediction? Prediction, MammoException? Failure, IReadOnlyList<Finding> NewWarnings);
