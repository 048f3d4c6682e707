namespace Mammo.Torch.Training;

/// <summary>Where a training leaves checkpoints.</summary>
/// <param name="Folder">A folder of its own; made if it is missing.</param>
/// <param name="Resume">Go on from the folder's newest checkpoint, or start where there is none yet; false starts anew and wants a folder without checkpoints.</param>
public sealed record CheckpointOptions(string Folder, bool Resume);
