namespace Mammo.Torch.Training;

/// <summary>How a run ended.</summary>
/// <param name="State">The state after the last finished epoch.</param>
/// <param name="Best">The best epoch's weights; null when no epoch was finished.</param>
/// <param name="Weights">The weights after the last step; null when no step was taken.</param>
/// <param name="WasCancelled">It was ended before its time.</param>
internal sealed record TrainingOutcome(TrainingState State, KeptWeights? Best, KeptWeights? Weights, bool WasCancelled);
