using System.Collections.Immutable;
using Mammo.Data.Images;

namespace Mammo.Data.Examination;

/// <summary>What a check of one or more datasets found.</summary>
/// <param name="Sets">What is in each of them.</param>
/// <param name="Findings">What is wrong or doubtful.</param>
public sealed record DatasetReport(ImmutableArray<DatasetSummary> Sets, ImmutableArray<Finding> Findings);

/// <summary>What is in a dataset, as far as its images can be read.</summary>
/// <param name="Name">The dataset.</param>
/// <param name="Count">Its images, readable or not.</param>
public sealed record DatasetSummary(string Name, int Count)
{
    /// <summary>Images that cannot be read.</summary>
    public int Unreadable { get; init; }

    /// <summary>Different patients; images without one do not count.</summary>
    public int Patients { get; init; }

    /// <summary>Images of each class.</summary>
    public NamedTable<int> Classes { get; init; } = NamedTable.None<int>();

    /// <summary>Images of each bit depth.</summary>
    public NamedTable<int> BitDepths { get; init; } = NamedTable.None<int>();

    /// <summary>Images of DICOM files by which of their values are shown.</summary>
    public NamedTable<int> VoiUsed { get; init; } = NamedTable.None<int>();

    /// <summary>The sizes that occur, the commonest first.</summary>
    public ImmutableArray<ImageSize> Sizes { get; init; } = [];

    /// <summary>Annotated lesions.</summary>
    public int Rois { get; init; }

    /// <summary>Lowest of the images' maxima after scaling; not a number when no image can be read.</summary>
    public double LowestMaximum { get; init; } = double.NaN;

    /// <summary>Highest of the images' maxima after scaling.</summary>
    public double HighestMaximum { get; init; } = double.NaN;

    /// <summary>Mean of the images' means after scaling.</summary>
    public double Mean { get; init; } = double.NaN;

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Count} images of {Patients} patients";
}
