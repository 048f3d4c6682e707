using Mammo.Data.Datasets;
using Mammo.Data.Images;

namespace Mammo.Torch.Training;

/// <summary>
/// Hard negative mining: every few epochs the network's own heatmaps of whole films say what it takes for a lesion; where there is none, patches are cut, which
/// take the places of as many background patches of the following epochs.
/// </summary>
/// <param name="Films">Whole films of the training patients, with their regions of interest.</param>
/// <param name="ImageSize">Rows and columns to which films are resized, as they were for the patches.</param>
public sealed record HardNegativeMining(MammoDataset Films, ImageSize ImageSize)
{
    /// <summary>Epochs from one mining to the next; the first comes after so many.</summary>
    public int Every { get; init; } = 4;

    /// <summary>Patches of a film at most.</summary>
    public int Count { get; init; } = 2;
}

/// <summary>A place of a film that the network took for a lesion.</summary>
/// <param name="Film">Position of the film in <see cref="HardNegativeMining.Films"/>.</param>
/// <param name="X">Column of the patch's centre in the resized film.</param>
/// <param name="Y">Row of the patch's centre in the resized film.</param>
/// <param name="Score">Probability that it is no background, when it was found.</param>
internal readonly record struct MinedPlace(int Film, int X, int Y, double Score);
