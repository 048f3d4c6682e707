using System.Collections.Immutable;
using System.Globalization;
using Mammo.Data.Dicom;
using Mammo.Data.Files;
using Mammo.Data.Loading;

namespace Mammo.Data.Datasets.Formats;

/// <summary>A folder of DICOM files, as archives export them, as a dataset. Only headers are read.</summary>
public static class DicomFolder
{
    /// <summary>
    /// Lists the DICOM images below a folder, recognised by content, in ordinal order of their paths. Hidden files and folders, and files of other kinds that
    /// have no name of a DICOM file, are passed over. Images that would be refused (<see cref="DicomChecks"/>) stay in
    /// the dataset: whoever scores them learns why there is no score.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="labelList">CSV with a label for each image, or null; see <see cref="DicomLabels"/>.</param>
    /// <param name="classes">Classes in the order of the labels; null takes the labels' own texts.</param>
    /// <param name="columns">The list's own names for its columns, where they differ.</param>
    /// <param name="progress">Called after each file with the number of files done, on the caller's thread.</param>
    /// <param name="cancellationToken">Ends the reading with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>
    /// Findings: damaged files, files of other kinds with the name of a DICOM file, files without image, an image that is there twice, rows without an
    /// image, images without a row, rows that contradict each other.
    /// </returns>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.DatasetInvalid"/>: no DICOM image at all, a folder that may not be read, or a list that
    /// cannot be used.
    /// </exception>
    public static DatasetImport Read(
        string folder,
        string? labelList = null,
        IReadOnlyList<string>? classes = null,
        IReadOnlyDictionary<string, string>? columns = null,
        Action<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var root = new DirectoryInfo(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        if (!root.Exists)
            throw new MammoException(ErrorIds.FileNotFound, $"The folder '{folder}' does not exist.", target: folder);
        if (classes is not null)
            MammoDataset.CheckClasses(classes, folder);
        var labels = labelList is null ? null : DicomLabels.Read(labelList, classes, columns);
        var findings = ImmutableArray.CreateBuilder<Finding>();
        var images = Distinct(Infos(root, findings, progress, cancellationToken), findings);
        if (images.Count == 0)
        {
            throw new MammoException(
                ErrorIds.DatasetInvalid,
                $"The folder '{root.FullName}' holds no DICOM image.{Why(findings)}",
                "Name the folder of the export; images of other formats are read from class folders or a CSV.",
                root.FullName);
        }

        if (labels is null)
            return new DatasetImport(new MammoDataset(root.Name, [.. classes ?? []], [.. images.Select(pair => pair.Image)]), findings.ToImmutable());
        return new DatasetImport(new MammoDataset(root.Name, labels.Classes, labels.Apply(images, findings)), findings.ToImmutable());
    }

    private static IEnumerable<ImageInfo> Infos(
        DirectoryInfo root, ImmutableArray<Finding>.Builder findings, Action<int>? progress, CancellationToken cancellationToken)
    {
        var done = 0;
        var workers = Environment.ProcessorCount;
        foreach (var result in Files(root).LoadOrdered((path, _) => ImageReader.ReadDicomInfo(path), workers, 32 * workers, cancellationToken))
        {
            progress?.Invoke(++done);
            if (result.Error is MammoException error)
                findings.Add(Finding.Of(error) with { Subject = result.Item });
            else if (result.ValueOrThrow() is { Dicom.HasPixels: false } empty)
                findings.Add(empty.Remarks[0].ToFinding() with { Subject = result.Item, Message = $"'{result.Item}' is left out. {empty.Remarks[0].Message}" });
            else if (result.Value is { } info)
                yield return info;
            else if (ImageFiles.IsDicom(result.Item))
                findings.Add(NotDicom(result.Item));
        }
    }

    // Findings of a folder that gives no dataset are shown nowhere else.
    private static string Why(ImmutableArray<Finding>.Builder findings) => findings.Count switch
    {
        0 => "",
        1 => $" {findings[0].Message}",
        var count => $" {findings[0].Message} {count - 1} more of its files {(count == 2 ? "is" : "are")} none either.",
    };

    private static Finding NotDicom(string path) =>
        new(ErrorIds.ImageUnreadable, $"'{path}' is left out: it is named as a DICOM file, but is {FileContent.NameOf(path) ?? "none"}.")
        {
            Subject = path,
            SuggestedFix = "Export the image as DICOM; images of other formats are read from class folders or a CSV.",
        };

    private static IEnumerable<string> Files(DirectoryInfo root)
    {
        try
        {
            return FileTree.Files(root, entry => !entry.Attributes.HasFlag(FileAttributes.Hidden) && entry.Name[0] != '.');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MammoException(
                ErrorIds.DatasetInvalid, $"The folder '{root.FullName}' cannot be listed: {error.Message}", target: root.FullName, inner: error);
        }
    }

    // Archives export an image twice when it is in two folders of a medium.
    private static List<(MammoImage Image, DicomImageInfo Info)> Distinct(IEnumerable<ImageInfo> infos, ImmutableArray<Finding>.Builder findings)
    {
        var images = new List<(MammoImage Image, DicomImageInfo Info)>();
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var info in infos)
        {
            if (info.Dicom!.SopInstanceUid is { } uid && !known.TryAdd(uid, info.Path))
                findings.Add(new Finding(
                    ErrorIds.ImageTwice,
                    $"'{info.Path}' is left out: it is the same SOP instance as '{known[uid]}'.")
                { Subject = info.Path, Patient = info.Dicom.Patient });
            else
                images.Add((ImageOf(info), info.Dicom));
        }

        return images;
    }

    /// <summary>An image with what its header says.</summary>
    internal static MammoImage ImageOf(ImageInfo info)
    {
        var dicom = info.Dicom!;
        (string Name, string? Value)[] further =
        [
            ("accession_number", dicom.AccessionNumber),
            ("age", dicom.Age?.ToString("R", CultureInfo.InvariantCulture)),
            ("date", dicom.Date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("has_implant", dicom.HasImplant is { } implant ? implant ? "yes" : "no" : null),
            ("manufacturer", dicom.Manufacturer),
            ("modality", dicom.Modality),
            ("model", dicom.Model),
            ("photometric", dicom.Photometric),
            ("pixel_spacing", dicom.PixelSpacing?.ToString("R", CultureInfo.InvariantCulture)),
            ("presentation_intent", dicom.PresentationIntent),
            ("series_instance_uid", dicom.SeriesInstanceUid),
            ("sop_instance_uid", dicom.SopInstanceUid),
            ("study_instance_uid", dicom.StudyInstanceUid),
            ("transfer_syntax", dicom.TransferSyntax),
            ("view_modifiers", dicom.ViewModifiers),
        ];
        return new MammoImage(info.Path)
        {
            Patient = CbisDicom.Patient(dicom.Patient) ?? dicom.Patient,
            Laterality = dicom.Laterality,
            View = dicom.View?.ToString(),
            Extra = MammoImage.NoExtra.AddRange(
                further.Where(pair => !string.IsNullOrWhiteSpace(pair.Value)).Select(pair => KeyValuePair.Create(pair.Name, pair.Value!))),
        };
    }
}
