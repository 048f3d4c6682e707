using Mammo.Data.Dicom.Writing;
using Mammo.Evaluation;
using Mammo.Evaluation.Decisions;
using Mammo.Scoring.Prediction;

namespace Mammo.Scoring.DicomResults;

/// <summary>A score that is to be written down beside its image: what is needed of a prediction, wherever it comes from.</summary>
/// <param name="Path">Full path of the image.</param>
/// <param name="Score">Probability of the last class, 0..1.</param>
/// <param name="Class">Name of the last class.</param>
/// <param name="Inference">How it was scored (<see cref="InferenceOptions"/>).</param>
/// <param name="Decision">What was decided; null when nothing was.</param>
public sealed record ScoredImage(string Path, double Score, string Class, string Inference, Decision? Decision)
{
    /// <summary>The SOP Instance UID that the image had when it was scored; null when that is not known.</summary>
    public string? SopInstanceUid { get; init; }

    /// <summary>Ids of what makes the score doubtful, separated by semicolons.</summary>
    public string Warning { get; init; } = "";

    /// <summary>Who made the score and how; null where it left the process that made it.</summary>
    internal PredictionOrigin? Origin { get; init; }

    /// <summary>The score of a prediction.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ImageUnscored"/>: it is the record of an image that could not be scored.</exception>
    public static ScoredImage Of(MammoPrediction prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        var score = prediction.Score ?? throw Unscored(prediction.Path, prediction.ErrorId);
        return new ScoredImage(prediction.Path, score, prediction.Probability.Keys.Last(), prediction.Inference, prediction.Decision)
        {
            SopInstanceUid = prediction.SopInstanceUid ?? prediction.Extra.GetValueOrDefault("sop_instance_uid"),
            Warning = prediction.Warning,
            Origin = prediction.Origin,
        };
    }

    /// <summary>The error for an image without a score.</summary>
    public static MammoException Unscored(string path, string? reason) => new(
        ErrorIds.ImageUnscored,
        $"'{path}' has no score{(string.IsNullOrEmpty(reason) ? "" : $" ({reason})")}, so there is nothing to store beside it.",
        target: path);

    /// <summary>Reads the image's identifiers, and checks that it is the image that was scored and that the score can be written down.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ScoreInvalid"/>; <see cref="ErrorIds.PredictionInvalid"/>: it does not say how it was scored;
    /// <see cref="ErrorIds.DicomResultImpossible"/>: another image is under its path now; those of <see cref="DicomSource.Read"/>.
    /// </exception>
    internal DicomSource ReadSource()
    {
        if (!(Score >= 0 && Score <= 1))
        {
            throw new MammoException(
                ErrorIds.ScoreInvalid, FormattableString.Invariant($"The score {Score} of '{Path}' is not between 0 and 1."), target: Path);
        }

        var options = InferenceOptions.Read(Inference);
        if (!options.ContainsKey(InferenceOptions.Model) || !options.ContainsKey(InferenceOptions.Weights))
        {
            throw new MammoException(
                ErrorIds.PredictionInvalid,
                $"The prediction of '{Path}' does not say which model made it and how.",
                "Keep the column Inference of Invoke-MammoPredict, or score the image again.",
                Path);
        }

        var source = DicomSource.Read(Path);
        if (SopInstanceUid is not null && SopInstanceUid != source.SopInstanceUid)
        {
            throw new MammoException(
                ErrorIds.DicomResultImpossible,
                $"'{Path}' is the instance {source.SopInstanceUid} now, and {SopInstanceUid} was scored.",
                "Give back the image that was scored, or score this one.",
                Path);
        }

        return source;
    }
}
