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

    /// <summary>The same images with their classes in another order; labels follow the names.</summary>
    /// <param name="classes">The same names in the wanted order.</param>
    /// <exception cref="ArgumentException">Other names.</exception>
    public MammoDataset InOrder(ImmutableArray<string> classes)
    {
        if (Classes.SequenceEqual(classes, StringComparer.Ordinal))
            return this;
        if (classes.Length != Classes.Length || !classes.ToHashSet(StringComparer.Ordinal).SetEquals(Classes))
            throw new ArgumentException($"({string.Join(", ", classes)}) is not another order of ({string.Join(", ", Classes)}).", nameof(classes));
        return this with { Classes = classes, Images = [.. Images.Select(image => image.Label is { } label ? image with { Label = classes.IndexOf(Classes[label]) } : image)] };
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Count} images, {string.Join(", ", Classes)}";
}
