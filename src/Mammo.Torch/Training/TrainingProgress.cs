namespace Mammo.Torch.Training;

/// <summary>Where a training is; told after every step.</summary>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Epoch">Number of the running epoch, 1 for the first.</param>
/// <param name="EpochLimit">The epoch at which the stage ends at the latest.</param>
/// <param name="Step">Steps done in this epoch.</param>
/// <param name="StepCount">Steps of an epoch.</param>
/// <param name="Loss">Mean loss of this epoch so far.</param>
/// <param name="FractionDone">Share of all epochs of all stages that is done, 0..1, early stopping not foreseen.</param>
/// <param name="Remaining">Time left for the rest at the speed so far; null at the start.</param>
public sealed record TrainingProgress(string Stage, int Epoch, int EpochLimit, int Step, int StepCount, double Loss, double FractionDone, TimeSpan? Remaining);
