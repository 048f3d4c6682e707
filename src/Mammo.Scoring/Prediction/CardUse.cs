using System.Collections.Immutable;
using Mammo.Data.Dicom;
using Mammo.Evaluation;
using Mammo.Evaluation.Calibration;
using Mammo.Evaluation.Decisions;
using Mammo.Evaluation.Measurement;
using Mammo.Networks.Models;

namespace Mammo.Scoring.Prediction;

/// <summary>What the cards of a run's models add to their scores: calibration and decisions.</summary>
internal sealed class CardUse
{
    private readonly ImmutableArray<ScoreCalibration> _maps;
    private readonly DecisionRule? _rule;

    /// <summary>Looks at the cards.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.CalibrationMissing"/>; <see cref="ErrorIds.ThresholdForeign"/>: a calibration belongs to scores that are made in another way.
    /// </exception>
    public CardUse(ImmutableArray<EnsembleMember> members, PredictorOptions options, DicomOptions dicom)
    {
        _maps = options.Calibrate ? [.. members.Select(member => Map(member, options, dicom))] : [];
        if (members is not [var only] || only.Model.Card.Decision is not { } decision)
            return;
        if (decision.Unit != EvaluationUnit.Image)
        {
            Note = $"the card's thresholds are for {(decision.Unit == EvaluationUnit.Breast ? "breasts" : "patients")}, so no image is decided";
            return;
        }

        try
        {
            FrozenThresholds.CheckSame($"The thresholds of '{only.Name}' were chosen", decision.Inference, InferenceText.Of(members, options, dicom));
            _rule = decision.Rule;
        }
        catch (MammoException foreign) when (foreign.ErrorId == ErrorIds.ThresholdForeign)
        {
            Finding = new Finding(foreign.ErrorId, $"{foreign.Message} Nothing is decided.")
            {
                Subject = only.Name,
                SuggestedFix = "Score as the validation images were scored.",
            };
        }
    }

    /// <summary>Why nothing is decided although the card has thresholds; null otherwise.</summary>
    public Finding? Finding { get; }

    /// <summary>The same, where that is as it should be.</summary>
    public string? Note { get; }

    /// <summary>A model's probabilities, calibrated if that is asked for.</summary>
    /// <param name="member">Place of the model.</param>
    /// <param name="probabilities">One number for each class.</param>
    public double[] Calibrated(int member, double[] probabilities)
    {
        if (_maps.IsEmpty)
            return probabilities;
        var positive = _maps[member].Apply(Math.Clamp(probabilities[^1], 0, 1));
        return [1 - positive, positive];
    }

    /// <summary>What is decided about a score; null where there are no thresholds for it.</summary>
    public Decision? Decide(double score) => _rule?.Decide(score);

    private static ScoreCalibration Map(EnsembleMember member, PredictorOptions options, DicomOptions dicom)
    {
        if (member.Model.Card.Calibration is not { } calibration)
        {
            throw new MammoException(
                ErrorIds.CalibrationMissing,
                $"'{member.Name}' has no calibration in its card.",
                "Fit one on validation predictions (New-MammoCalibration), or leave -Calibrate out.",
                member.Name);
        }

        if (member.Model.Classes.Length != 2)
        {
            throw new MammoException(
                ErrorIds.CalibrationImpossible,
                $"'{member.Name}' has {member.Model.Classes.Length} classes; a calibration is of two.",
                "Leave -Calibrate out.",
                member.Name);
        }

        FrozenThresholds.CheckSame(
            $"The calibration of '{member.Name}' was fitted", calibration.Inference, InferenceText.Of([member], options with { Calibrate = false }, dicom));
        return calibration.Map;
    }
}
