using Mammo.Networks.Models;
using Mammo.Scoring;

namespace Mammo.Torch.Training;

/// <summary>Who is told what while a training runs; all calls come from the thread that trains.</summary>
public sealed record TrainingObserver
{
    /// <summary>Told after every step.</summary>
    public Action<TrainingProgress>? Progress { get; init; }

    /// <summary>Told after every epoch, when its checkpoint is written.</summary>
    public Action<EpochRecord>? EpochEnded { get; init; }

    /// <summary>Given a model with the new best weights after every epoch that is the best so far, when its checkpoint is written. The trained instance itself changes at the end only.</summary>
    public Action<MammoModel>? BestChanged { get; init; }

    /// <summary>Told of what makes the result doubtful.</summary>
    public Action<Finding>? Warning { get; init; }
}
