namespace Mammo.Torch.Training;

/// <summary>What one step brought.</summary>
/// <param name="Loss">Loss before the step, weight penalty included.</param>
/// <param name="Correct">Samples classified rightly.</param>
/// <param name="Samples">Samples of the step.</param>
internal readonly record struct StepResult(double Loss, int Correct, int Samples);
