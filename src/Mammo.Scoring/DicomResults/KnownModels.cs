using Mammo.Evaluation;
using Mammo.Evaluation.Decisions;
using Mammo.Evaluation.Measurement;
using Mammo.Networks.Models;

namespace Mammo.Scoring.DicomResults;

/// <summary>The models that made scores, as far as they are at hand, and what their cards say.</summary>
public sealed class KnownModels
{
    private readonly Dictionary<string, (string Hash, ModelCard Card)> _cards = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MammoModel> _models = new(StringComparer.Ordinal);

    /// <summary>Takes models.</summary>
    public KnownModels(IEnumerable<MammoModel> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        foreach (var model in models)
        {
            var hash = WeightHash.Of(model);
            _models[hash[..InferenceOptions.HashDigits]] = model;
            Note(hash, model.Card);
        }
    }

    /// <summary>The model with a hash as predictions carry it; null where it was not given.</summary>
    internal MammoModel? Given(string shortHash) => _models.GetValueOrDefault(shortHash);

    /// <summary>Takes a card, unless one of the same weights was given.</summary>
    internal void Note(string hash, ModelCard card) => _cards.TryAdd(hash[..InferenceOptions.HashDigits], (hash, card));

    /// <summary>What must stand beside a score: whether it is calibrated, and by which threshold something was decided.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ThresholdUnknown"/>: something was decided, and the card that says by which threshold is not at hand;
    /// <see cref="ErrorIds.PredictionsMixed"/>: the card's threshold decides otherwise.
    /// </exception>
    internal ScoreStatement Statement(ScoredImage image)
    {
        if (image is { Decision: not null, Origin.Models: [var only] })
            Note(only.Hash, only.Card);
        var card = Card(image.Inference);
        var isCalibrated = IsCalibrated(image.Inference);
        var calibration = !isCalibrated ? ScoreStatement.NotCalibrated
            : card?.Calibration is { } map ? $"Calibrated by the model's card: {map}."
            : ScoreStatement.Calibrated;
        if (image.Decision is not { } decision)
            return new ScoreStatement(calibration, ScoreStatement.NothingDecided);
        if (card?.Decision is not { Unit: EvaluationUnit.Image } thresholds)
        {
            throw new MammoException(
                ErrorIds.ThresholdUnknown,
                $"'{image.Path}' was decided ({decision}), and the threshold is in the card of a model that is not given.",
                "Give the model of the predictions: -Model.",
                image.Path);
        }

        if (thresholds.Rule.Decide(image.Score) != decision)
        {
            throw new MammoException(
                ErrorIds.PredictionsMixed,
                $"'{image.Path}' was decided {decision}, and the thresholds of the model's card ({thresholds}) decide {thresholds.Rule.Decide(image.Score)}.",
                "Give the model as it was when it scored the image, or score the image again.",
                image.Path);
        }

        return new ScoreStatement(calibration, ScoreStatement.Decided(decision, thresholds));
    }

    /// <summary>The same for what the scores of several images became together.</summary>
    internal ScoreStatement Statement(string inference, double score, int count, EvaluationUnit unit, UnitScore aggregate)
    {
        var calibration = IsCalibrated(inference)
            ? $"The scores of the {count} images are calibrated; what they become together is not." : ScoreStatement.NotCalibrated;
        return Card(inference)?.Decision is { } thresholds && thresholds.Unit == unit && thresholds.Aggregate == aggregate && IsSame(thresholds, inference)
            ? new ScoreStatement(calibration, ScoreStatement.Decided(thresholds.Rule.Decide(score), thresholds))
            : new ScoreStatement(calibration, ScoreStatement.NothingDecided);
    }

    /// <summary>The options of a run, with the whole hash of weights that are at hand.</summary>
    internal IEnumerable<string> Parameters(string inference) => InferenceOptions.Read(inference).Where(option => option.Key != InferenceOptions.Model)
        .Select(option => option.Key == InferenceOptions.Weights
            ? $"{option.Key}={string.Join(',', option.Value.Split(',').Select(Whole))}"
            : $"{option.Key}={option.Value}");

    private string Whole(string hash) => _cards.TryGetValue(hash, out var known) ? known.Hash : hash;

    private static bool IsSame(CardDecision thresholds, string inference)
    {
        try
        {
            FrozenThresholds.CheckSame("The thresholds were chosen", thresholds.Inference, inference);
            return true;
        }
        catch (MammoException foreign) when (foreign.ErrorId == ErrorIds.ThresholdForeign)
        {
            return false;
        }
    }

    private static bool IsCalibrated(string inference) => InferenceOptions.Read(inference).GetValueOrDefault("calibrate") == "true";

    // Thresholds and calibrations are those of one model; several models side by side have none.
    private ModelCard? Card(string inference) =>
        _cards.TryGetValue(InferenceOptions.Read(inference).GetValueOrDefault(InferenceOptions.Weights, ""), out var known) ? known.Card : null;
}

/// <summary>What stands beside a score.</summary>
/// <param name="Calibration">Whether it is calibrated, and how.</param>
/// <param name="Threshold">What was decided, and by which threshold.</param>
internal sealed record ScoreStatement(string Calibration, string Threshold)
{
    public const string NotCalibrated = "Not calibrated: what the network gives, and not how often such images are of the class.";
    public const string Calibrated = "Calibrated by the model's card.";
    public const string NothingDecided = "No threshold: nothing is decided.";

    public static string Decided(Decision decision, CardDecision thresholds) => $"Threshold of the model's card: {thresholds}. Decided: {decision}.";
}
