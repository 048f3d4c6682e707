using System.Collections.Frozen;

namespace Mammo.Torch;

/// <summary>How one pass through a network treats dropout and batch normalisation.</summary>
internal sealed record Pass
{
    private Pass()
    {
    }

    /// <summary>No dropout; batch normalisation with moving statistics.</summary>
    public static Pass Inference { get; } = new();

    /// <summary>Dropout and batch statistics apply.</summary>
    public bool IsTraining { get; private init; }

    /// <summary>Decides all dropout masks of the pass; the same seed gives the same masks, in any order of layers.</summary>
    public ulong DropoutSeed { get; private init; }

    /// <summary>Names of batch-norm layers that use their moving statistics and leave them alone.</summary>
    public IReadOnlySet<string> FrozenNorms { get; private init; } = FrozenSet<string>.Empty;

    /// <summary>False when a pass is repeated: batch statistics are used, but not mixed into the moving ones a second time.</summary>
    public bool UpdatesStatistics { get; init; } = true;

    /// <summary>A training step. Keras 2.0.8 uses and updates batch statistics in frozen layers too: its behaviour is an empty <paramref name="frozenNorms"/>.</summary>
    public static Pass Training(ulong dropoutSeed, IReadOnlySet<string>? frozenNorms = null) =>
        new() { IsTraining = true, DropoutSeed = dropoutSeed, FrozenNorms = frozenNorms ?? FrozenSet<string>.Empty };
}
