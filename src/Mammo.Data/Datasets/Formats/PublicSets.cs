using System.Collections.Immutable;

namespace Mammo.Data.Datasets.Formats;

/// <summary>Public sets that arrive as images with a list of their own.</summary>
public enum PublicSet
{
    /// <summary>INbreast: assessments by BI-RADS, outlines of lesions.</summary>
    Inbreast,

    /// <summary>VinDr-Mammo: assessments by BI-RADS, boxes around findings.</summary>
    VinDr,

    /// <summary>RSNA Screening Mammography 2022: cancer or not.</summary>
    Rsna,

    /// <summary>CMMD: DICOM files whose patient and side find their row; benign or malignant.</summary>
    Cmmd,

    /// <summary>EMBED, or a set in its manner: a list of images, and one of examinations with assessments.</summary>
    Embed,

    /// <summary>Any list of images; <see cref="PublicSetOptions.Columns"/> says what its columns are.</summary>
    List,
}

/// <summary>How a public set is read.</summary>
public sealed record PublicSetOptions
{
    /// <summary>Folder of the images; null is the list's own.</summary>
    public string? ImageFolder { get; init; }

    /// <summary>EMBED: the list with the assessments of examinations; null where the list of images has labels.</summary>
    public string? LabelList { get; init; }

    /// <summary>Which values of the list make which class; null where the list says classes itself (RSNA, CMMD).</summary>
    public LabelRule? Rule { get; init; }

    /// <summary>The list's own names for its columns, by meaning (file, patient, laterality, view, label), where they are not those of the release.</summary>
    public IReadOnlyDictionary<string, string>? Columns { get; init; }

    /// <summary>CMMD: called after each file with the number of files done, on the caller's thread.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>Ends the reading with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; init; }
}

/// <summary>Reads public sets as datasets, with the regions that they have. Holds no pixels.</summary>
public static class PublicSets
{
    private static readonly string[] CmmdLists = ["CMMD_clinicaldata_revision.csv", "CMMD_clinicaldata.csv"];

    /// <summary>Reads the list and finds the images.</summary>
    /// <param name="set">Which set.</param>
    /// <param name="path">Its list, or the folder that holds it.</param>
    /// <param name="options">How it is read.</param>
    /// <returns>
    /// The images that have a class; findings: rows without an image or a class, images without a row, rows that contradict each other, regions that cannot be
    /// read.
    /// </returns>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.LabelRuleInvalid"/>: the list says assessments and no rule is given;
    /// <see cref="ErrorIds.DatasetInvalid"/>: the list cannot be used, or no image is found.
    /// </exception>
    public static DatasetImport Read(PublicSet set, string path, PublicSetOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        if (set == PublicSet.Cmmd)
            return Cmmd(path, options);
        var layout = set switch
        {
            PublicSet.Inbreast => Releases.Inbreast,
            PublicSet.VinDr => Releases.VinDr,
            PublicSet.Rsna => Releases.Rsna,
            PublicSet.Embed => Releases.Embed,
            _ => Releases.Any,
        };
        return new ReleaseLists(layout, options.Rule, options.Columns).Read(path, options.ImageFolder, options.LabelList);
    }

    private static DatasetImport Cmmd(string path, PublicSetOptions options)
    {
        var list = Directory.Exists(path) ? CmmdLists.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists) : path;
        if (list is null)
            throw new MammoException(
                ErrorIds.FileNotFound,
                $"The folder '{path}' holds none of {string.Join(", ", CmmdLists)}.",
                "Save the list of the release (an Excel file) as CSV UTF-8, and name it; the images' folder is -ImageFolder.",
                path);
        var (rule, columns) = Releases.Cmmd;
        var folder = options.ImageFolder ?? Path.GetDirectoryName(Path.GetFullPath(list))!;
        var named = columns.SetItems(options.Columns ?? ImmutableDictionary<string, string>.Empty);
        var import = DicomFolder.Read(folder, list, null, named, options.Progress, options.CancellationToken);
        var labelled = (options.Rule ?? rule).Apply(import);
        return labelled with { Dataset = labelled.Dataset with { Name = "CMMD" } };
    }
}
