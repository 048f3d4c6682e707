using Mammo.Networks.Models;

namespace Mammo.Torch.Training;

/// <summary>Who is informed of what while a training runs; all calls come from the thread that trains.</summary>
public sealed record TrainingObserver
{
    /// <summary>Called after every step.</summary>
    public Action<TrainingProgress>? Progress { get; init; }

    /// <summary>Called after every epoch, when its checkpoint is written.</summary>
    public Action<EpochRecord>? EpochEnded { get; init; }

    /// <summary>
    /// Given a model with the new best weights after every epoch that is the best so far, when its checkpoint is written. The trained instance itself changes
    /// at the end only.
    /// </summary>
    public Action<MammoModel>? BestChanged { get; init; }

    /// <summary>Called with what makes the result doubtful.</summary>
    public Action<Finding>? Warning { get; init; }
}

/// <summary>Where a training is; given after every step.</summary>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Epoch">Number of the running epoch, 1 for the first.</param>
/// <param name="EpochLimit">The epoch at which the stage ends at the latest.</param>
/// <param name="Step">Steps done in this epoch.</param>
/// <param name="StepCount">Steps of an epoch.</param>
/// <param name="Loss">Mean loss of this epoch so far.</param>
/// <param name="FractionDone">Share of all epochs of all stages that is done, 0..1, early stopping not foreseen.</param>
/// <param name="Remaining">Time left for the rest at the speed so far; null at the start.</param>
public sealed record TrainingProgress(string Stage, int Epoch, int EpochLimit, int Step, int StepCount, double Loss, double FractionDone, TimeSpan? Remaining);
