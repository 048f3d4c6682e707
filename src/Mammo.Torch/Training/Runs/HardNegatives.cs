using System.Collections.Immutable;
using Mammo.Networks.Models;
using Mammo.Torch.Training.Batches;
using Mammo.Torch.Training.Mining;

namespace Mammo.Torch.Training.Runs;

/// <summary>The hard negatives of a training: mined when they are due, cut and given to the training batches.</summary>
/// <param name="miner">Finds and cuts them.</param>
/// <param name="source">The training batches.</param>
/// <param name="card">How a network of a state has images prepared.</param>
internal sealed class HardNegatives(HardNegativeMiner miner, ImageBatchSource source, Func<TrainingState, ModelCard> card)
{
    private ImmutableArray<MinedPlace> _used = [];

    /// <summary>Whether films are mined before the next epoch.</summary>
    /// <param name="done">Epochs done.</param>
    public bool IsDue(int done) => miner.IsDue(done);

    /// <summary>Places in the films that a network takes for lesions.</summary>
    public ImmutableArray<MinedPlace> Mine(TrainingState state, KeptWeights weights, CancellationToken cancellation) =>
        miner.Mine(weights, card(state), cancellation);

    /// <summary>Puts the patches at these places among the training patches; also those of a checkpoint.</summary>
    public void Use(ImmutableArray<MinedPlace> places, CancellationToken cancellation)
    {
        if (_used == places)
            return;
        source.HardNegatives = miner.Cut(places, cancellation);
        _used = places;
    }
}
