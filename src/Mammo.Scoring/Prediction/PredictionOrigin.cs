using System.Collections.Immutable;
using Mammo.Evaluation;
using Mammo.Networks.Models;

namespace Mammo.Scoring.Prediction;

/// <summary>Who made a prediction and how, so that more can be made of its image in the same way. It does not leave the process.</summary>
/// <param name="models">The models, in their order.</param>
/// <param name="options">What was asked for.</param>
internal sealed class PredictionOrigin(ImmutableArray<ScoringModel> models, PredictorOptions options)
{
    /// <summary>The models, in their order.</summary>
    public ImmutableArray<ScoringModel> Models { get; } = models;

    /// <summary>What was asked for.</summary>
    public PredictorOptions Options { get; } = options;
}

/// <summary>A model that scored, without its weights: these are large, and predictions are kept for long.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Hash">Hash of its weights when it scored.</param>
/// <param name="Card">Its card when it scored.</param>
/// <param name="File">Full path of its file; null for a model of memory alone.</param>
/// <param name="Model">The model itself, as long as somebody else holds it.</param>
internal sealed record ScoringModel(string Name, string Hash, ModelCard Card, string? File, WeakReference<MammoModel> Model)
{
    /// <summary>Takes down a model.</summary>
    public static ScoringModel Of(MammoModel model) => new(model.Name, WeightHash.Of(model), model.Card, model.File, new WeakReference<MammoModel>(model));

    /// <summary>The hash as predictions carry it.</summary>
    public string ShortHash => Hash[..InferenceOptions.HashDigits];
}
