using System.Collections.Immutable;

namespace Mammo.Torch.Training;

/// <summary>A training between two epochs: everything from which it can go on.</summary>
/// <param name="State">All but the tensors.</param>
internal sealed record TrainingSnapshot(TrainingState State)
{
    private static readonly ImmutableDictionary<string, byte[]> None = ImmutableDictionary<string, byte[]>.Empty;

    /// <summary>The weights; null at the very start, where they are the model's.</summary>
    public KeptWeights? Weights { get; init; }

    /// <summary>The best epoch's weights; null before the first epoch.</summary>
    public KeptWeights? Best { get; init; }

    /// <summary>The optimiser's slots by name.</summary>
    public ImmutableDictionary<string, byte[]> Optimizer { get; init; } = None;

    /// <summary>The moving average of the weights; null when none is kept.</summary>
    public KeptWeights? Average { get; init; }

    /// <summary>Copies what a stage has on the device.</summary>
    public static TrainingSnapshot Of(TrainingState state, StageRun run, KeptWeights? best) => new(state)
    {
        Weights = KeptWeights.Of(run.Network),
        Best = best,
        Optimizer = run.Optimizer.State().ToImmutableDictionary(pair => pair.Key, pair => TensorBytes.Of(pair.Value), StringComparer.Ordinal),
        Average = run.Average is { } average
            ? new KeptWeights(run.Network.Weights[0].Value.dtype, average.State().ToImmutableDictionary(pair => pair.Key, pair => TensorBytes.Of(pair.Value), StringComparer.Ordinal))
            : null,
    };
}
