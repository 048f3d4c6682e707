using Mammo.Torch.Training.Checks;

namespace Mammo.Torch.Training.Mining;

/// <summary>Ranges of the options of hard negative mining.</summary>
internal static class MiningChecks
{
    /// <summary>Checks them against the data.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.TrainingOptionInvalid"/>.</exception>
    public static void Run(TrainingData data, int lastEpoch)
    {
        var (mining, patch) = (data.HardNegatives!, data.Preparation.Size!.Value);
        OptionChecks.Require(data.ArePatches, $"Hard negatives are mined for patch classifiers only.", "Leave out the films, or use Invoke-PatchTraining.");
        OptionChecks.Require(mining.Count >= 1, $"{mining.Count} hard negatives of a film are below 1.");
        OptionChecks.Require(mining.Every >= 1, $"Hard negatives every {mining.Every} epochs: this is below 1.");
        OptionChecks.Require(
            mining.Every < lastEpoch,
            $"Hard negatives are mined after every {mining.Every} epochs, but the training ends at epoch {lastEpoch}: none would be used.",
            "Use a smaller -HardNegativeEvery, or train longer.");
        OptionChecks.Require(patch.Height == patch.Width, $"Hard negatives are cut as squares, but the patches are trained at {patch}.");
        OptionChecks.Require(
            mining.ImageSize.Height >= patch.Height && mining.ImageSize.Width >= patch.Width,
            $"Films of {mining.ImageSize} are smaller than patches of {patch}.",
            "Give -HardNegativeImageSize as New-MammoPatchSet had -ImageSize.");
        OptionChecks.Require(
            data.Train.Images.Any(image => image.Label is not null) && mining.Films.Count > 0, $"Set '{mining.Films.Name}' has no films.");
    }
}
