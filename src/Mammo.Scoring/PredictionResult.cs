using Mammo.Data.Datasets;
using Mammo.Networks.Models;

namespace Mammo.Scoring;

/// <summary>What became of one image: a prediction, or the reason why there is none; and what was noticed for the first time in this run.</summary>
/// <param name="Image">The image.</param>
/// <param name="Prediction">Its scores; null after a failure.</param>
/// <param name="Failure">Why it could not be scored; null otherwise.</param>
/// <param name="NewWarnings">Warnings that no earlier image of the run had.</param>
public sealed record PredictionResult(MammoImage Image, MammoPrediction? Prediction, MammoException? Failure, IReadOnlyList<Finding> NewWarnings);
