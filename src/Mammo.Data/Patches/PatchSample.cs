using System.Collections.Immutable;
using Mammo.Data.Images;

namespace Mammo.Data.Patches;

/// <summary>Where the patches of one image are.</summary>
/// <param name="Places">The patches.</param>
/// <param name="Cutoff">The lowest overlap with a region that had to do; null without patches drawn on a region.</param>
/// <param name="Warnings">What is missing, and why.</param>
internal sealed record PatchSample(ImmutableArray<PatchPlace> Places, double? Cutoff, ImmutableArray<Finding> Warnings);

/// <summary>One patch to be cut out.</summary>
/// <param name="Class">Its class.</param>
/// <param name="Abnormality">The lesion it is named after, mostly its number; 0 for background of an image as a whole.</param>
/// <param name="Index">Its number within that lesion and class, from 0.</param>
/// <param name="Centre">Its centre in the frame.</param>
/// <param name="Source">Where it was looked for.</param>
internal readonly record struct PatchPlace(string Class, string Abnormality, int Index, PixelPoint Centre, PatchSource Source = PatchSource.Roi)
{
    /// <summary>The original's name of the file.</summary>
    public string FileName(string imageName) => FormattableString.Invariant($"{imageName}_{Abnormality}_{Index:0000}.png");
}

/// <summary>Where a patch was looked for.</summary>
internal enum PatchSource
{
    /// <summary>On a region of interest.</summary>
    Roi,

    /// <summary>Background anywhere that background may be.</summary>
    Background,

    /// <summary>Background at a bright spot.</summary>
    HardNegative,

    /// <summary>Background outside the breast: the black of the film, labels, tape.</summary>
    Outside,

    /// <summary>Background on the edge of the breast.</summary>
    Edge,
}
