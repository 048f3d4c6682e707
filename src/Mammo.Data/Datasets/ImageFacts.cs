using System.Collections.Immutable;
using Mammo.Data.Images;

namespace Mammo.Data.Datasets;

/// <summary>What a check learns from one image file.</summary>
/// <param name="Image">The image.</param>
/// <param name="Findings">What is wrong with it or its regions.</param>
internal sealed record ImageFacts(MammoImage Image, ImmutableArray<DatasetFinding> Findings)
{
    /// <summary>Size, depth, maximum and mean; null when the file cannot be read.</summary>
    public PixelFacts? Pixels { get; init; }
}
