using System.Collections.Immutable;

namespace Mammo.Data.Datasets;

/// <summary>A named list of images with a fixed order of classes. Holds paths, never pixels.</summary>
/// <param name="Name">Short name, mostly the folder or CSV.</param>
/// <param name="Classes">Class names; the position is the label.</param>
/// <param name="Images">The images in a stable order.</param>
public sealed record MammoDataset(string Name, ImmutableArray<string> Classes, ImmutableArray<MammoImage> Images)
{
    /// <summary>Number of images.</summary>
    public int Count => Images.Length;

    /// <summary>Images of each class, in the order of <see cref="Classes"/>.</summary>
    public ImmutableArray<int> ClassCounts => [.. Enumerable.Range(0, Classes.Length).Select(label => Images.Count(image => image.Label == label))];

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Count} images, {string.Join(", ", Classes)}";
}
