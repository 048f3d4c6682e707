using System.Collections.Immutable;

namespace Mammo.Data.Datasets;

/// <summary>A named list of images with a fixed order of classes. Holds paths, never pixels.</summary>
/// <param name="Name">Short name, mostly the folder or CSV.</param>
/// <param name="Classes">Class names; the position is the label.</param>
/// <param name="Images">The images in a stable order.</param>
public sealed record MammoDataset(string Name, ImmutableArray<string> Classes, ImmutableArray<MammoImage> Images)
{
    /// <summary>Hashes of the splits that it is a part of, in the order in which they were made; empty when it was not split.</summary>
    public ImmutableArray<string> Splits { get; init; } = [];

    /// <summary>Number of images.</summary>
    public int Count => Images.Length;

    /// <summary>Images of each class, in the order of <see cref="Classes"/>.</summary>
    public ImmutableArray<int> ClassCounts => [.. Enumerable.Range(0, Classes.Length).Select(label => Images.Count(image => image.Label == label))];

    /// <summary>Refuses a list of classes that is empty, holds an empty name or one twice.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.DatasetInvalid"/>.</exception>
    internal static void CheckClasses(IReadOnlyList<string> classes, string source)
    {
        if (classes.Count == 0 || classes.Any(string.IsNullOrWhiteSpace))
            throw new MammoException(ErrorIds.DatasetInvalid, $"The list of classes for '{source}' is empty or holds an empty name.", target: source);
        if (classes.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new MammoException(
                ErrorIds.DatasetInvalid,
                $"The class '{twice.Key}' is named twice for '{source}'.",
                "Name each class once, in the order of the labels; upper and lower case are the same.",
                source);
    }

    /// <summary>The images of several datasets, in their order, as one.</summary>
    /// <param name="datasets">Datasets of the same classes in the same order.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.DatasetInvalid"/>: none, or other classes.</exception>
    public static MammoDataset Join(IReadOnlyList<MammoDataset> datasets)
    {
        ArgumentNullException.ThrowIfNull(datasets);
        if (datasets.Count == 0)
            throw new MammoException(ErrorIds.DatasetInvalid, "There is no dataset.");
        var first = datasets[0];
        if (datasets.Count == 1)
            return first;
        var other = datasets.FirstOrDefault(dataset => !dataset.Classes.SequenceEqual(first.Classes, StringComparer.Ordinal));
        if (other is not null)
        {
            throw new MammoException(
                ErrorIds.DatasetInvalid,
                $"'{first.Name}' has the classes ({string.Join(", ", first.Classes)}), '{other.Name}' ({string.Join(", ", other.Classes)}): "
                    + "they make no common dataset.",
                "Import both with the same -Class.",
                other.Name);
        }

        return first with
        {
            Name = string.Join("+", datasets.Select(dataset => dataset.Name)),
            Images = [.. datasets.SelectMany(dataset => dataset.Images)],
            Splits = [.. datasets.SelectMany(dataset => dataset.Splits).Distinct(StringComparer.Ordinal)],
        };
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Count} images, {string.Join(", ", Classes)}";
}

/// <summary>A dataset as it was read, and what did not fit.</summary>
/// <param name="Dataset">The images that can be used.</param>
/// <param name="Findings">What was left out or is doubtful, and why.</param>
public sealed record DatasetImport(MammoDataset Dataset, ImmutableArray<Finding> Findings);
