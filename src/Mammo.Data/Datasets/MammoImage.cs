using System.Collections.Immutable;
using Mammo.Data.Rois;

namespace Mammo.Data.Datasets;

/// <summary>One image of a dataset: where it is and what is known about it.</summary>
/// <param name="Path">Full path of the file.</param>
public sealed record MammoImage(string Path)
{
    /// <summary>Class name; null when unknown.</summary>
    public string? Class { get; init; }

    /// <summary>Index of the class in the dataset's class list; null when unknown.</summary>
    public int? Label { get; init; }

    /// <summary>Patient id; null when unknown.</summary>
    public string? Patient { get; init; }

    /// <summary>Breast side as the source writes it (L, R, LEFT, RIGHT); null when unknown.</summary>
    public string? Laterality { get; init; }

    /// <summary>Projection (CC, MLO); null when unknown.</summary>
    public string? View { get; init; }

    /// <summary>Weight in training and statistics; 1 unless the source says otherwise.</summary>
    public double SampleWeight { get; init; } = 1;

    /// <summary>Annotated lesions; empty when there are none or nothing is known about them.</summary>
    public ImmutableArray<Roi> Rois { get; init; } = [];

    /// <summary>Whatever else the source says: the further columns of a CSV by name, in any case of letters; blank values are left out.</summary>
    public ImmutableSortedDictionary<string, string> Extra { get; init; } = NoExtra;

    internal static ImmutableSortedDictionary<string, string> NoExtra { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() => Class is null ? Path : $"{Path} ({Class})";
}
