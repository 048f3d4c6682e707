namespace Mammo.Torch.Training;

/// <summary>Factor on a stage's learning rate for each of its steps: a linear rise, then 1 or half a cosine.</summary>
/// <param name="Steps">Steps from the stage's start to its epoch limit.</param>
/// <param name="WarmUpSteps">Steps of the rise.</param>
/// <param name="Cosine">Fall to 0 after the rise.</param>
internal sealed record LearningRateSchedule(long Steps, long WarmUpSteps, bool Cosine)
{
    /// <summary>The factor of a step, counted from 0 at the stage's start.</summary>
    public double Factor(long step)
    {
        if (step < WarmUpSteps)
            return (step + 1.0) / (WarmUpSteps + 1.0);
        return Cosine ? 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, (step - WarmUpSteps) / (double)Math.Max(1, Steps - WarmUpSteps)))) : 1;
    }
}
