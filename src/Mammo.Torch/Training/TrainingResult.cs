using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Torch.Training;

/// <summary>What a training brought.</summary>
/// <param name="Epochs">All epochs, those before a resumption included.</param>
/// <param name="BestEpoch">1-based number of the epoch whose weights the model now has; 0 when no epoch was run.</param>
/// <param name="BestScore">Its AUC or accuracy.</param>
/// <param name="FinalWeights">The weights after the last epoch.</param>
/// <param name="WasCancelled">The training was ended before its time.</param>
public sealed record TrainingResult(
    ImmutableArray<EpochRecord> Epochs, int BestEpoch, double BestScore, IReadOnlyDictionary<string, Weight> FinalWeights, bool WasCancelled);

/// <summary>How a run ended.</summary>
/// <param name="State">The state after the last finished epoch.</param>
/// <param name="Best">The best epoch's weights; null when no epoch was finished.</param>
/// <param name="Weights">The weights after the last step; null when no step was taken.</param>
/// <param name="WasCancelled">It was ended before its time.</param>
internal sealed record TrainingOutcome(TrainingState State, KeptWeights? Best, KeptWeights? Weights, bool WasCancelled);
