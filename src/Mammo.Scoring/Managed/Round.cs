namespace Mammo.Scoring.Managed;

/// <summary>Steps of a plan that are computed one behind the other for some of its images, before others have their turn.</summary>
/// <param name="FirstImage">The first image of the run.</param>
/// <param name="Images">How many images.</param>
/// <param name="FirstStep">The first step.</param>
/// <param name="EndStep">The step behind the last.</param>
internal readonly record struct Round(int FirstImage, int Images, int FirstStep, int EndStep);
