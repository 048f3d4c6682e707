using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mammo.Torch.Training;

/// <summary>Where a training stands between two epochs, apart from its tensors; what a checkpoint's text says.</summary>
internal sealed record TrainingState
{
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>What the training is: options, stages and data by name, to tell other trainings from it.</summary>
    public required ImmutableSortedDictionary<string, string> Identity { get; init; }

    /// <summary>Position of the running stage.</summary>
    public int Stage { get; init; }

    /// <summary>Epochs done when it began.</summary>
    public int StageStart { get; init; }

    /// <summary>Early stopping in the running stage.</summary>
    public required EarlyStopping Stopping { get; init; }

    /// <summary>Learning rate of the running stage and when it will fall.</summary>
    public required ReduceLearningRateOnPlateau Plateau { get; init; }

    /// <summary>The best epoch of all.</summary>
    public BestEpoch Best { get; init; } = new();

    /// <summary>Steps of the optimiser in the running stage.</summary>
    public long Iterations { get; init; }

    /// <summary>Steps in the moving average of the weights.</summary>
    public long AverageSteps { get; init; }

    /// <summary>Threads that computed on the processor; sums are rounded in another order by another number. 0 where it is not known.</summary>
    public int Threads { get; init; }

    /// <summary>Places of the hard negatives among the training patches; their pixels are in the films.</summary>
    public ImmutableArray<MinedPlace> HardNegatives { get; init; } = [];

    /// <summary>All epochs so far.</summary>
    public ImmutableArray<EpochRecord> Epochs { get; init; } = [];

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">The text is of another version.</exception>
    public static TrainingState FromJson(string text)
    {
        var state = JsonSerializer.Deserialize<TrainingState>(text, Json);
        return state is { Identity: not null, Stopping: not null, Plateau: not null, Best: not null, Epochs.IsDefault: false, HardNegatives.IsDefault: false }
            and { Stage: >= 0, Iterations: >= 0, AverageSteps: >= 0 }
            && state.StageStart >= 0 && state.StageStart <= state.Epochs.Length
                && state.Epochs.All(epoch => epoch is { Stage: not null, ClassAuc.IsDefault: false })
            ? state
            : throw new JsonException("the state is not complete");
    }

    /// <summary>The state as text, invariant.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

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
}
