using Mammo.Data.Datasets;
using Mammo.Data.Datasets.Formats;
using Mammo.Data.Files;

namespace Mammo.Archive.Worklists;

/// <summary>Which files an archive's worklist takes.</summary>
public enum WorklistFormat
{
    /// <summary>Every image of a format that Mammo reads, by content.</summary>
    Any,

    /// <summary>DICOM images.</summary>
    Dicom,
}

/// <summary>What makes a file an image of its own.</summary>
internal static class ImageIdentity
{
    private static readonly string[] DicomExtensions = [".dcm", ".dicom"];

    /// <summary>
    /// Looks at a file. Of DICOM files only the header is read; other files are read whole for their hash. A damaged image is an item too, so that its score's
    /// absence has a reason.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="format">What is taken.</param>
    /// <returns>Null for what is no image.</returns>
    public static WorkItem? Of(ArchiveFile file, WorklistFormat format)
    {
        var isNamed = format == WorklistFormat.Dicom
            ? DicomExtensions.Contains(Path.GetExtension(file.Path), StringComparer.OrdinalIgnoreCase)
            : ImageFiles.IsImageOrDicom(file.Path);
        ImageFormat kind;
        try
        {
            kind = Kind(file.FullPath);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Nobody knows that it is no image, whatever its name is. What is gone, as a link that leads nowhere, is one by its name; but a name that is
            // not in UTF-8 is not found either.
            var isGone = failure is FileNotFoundException or DirectoryNotFoundException && !file.Path.Contains('\uFFFD', StringComparison.Ordinal);
            return isGone && !isNamed ? null : new WorkItem(WorkItem.PathPrefix + file.Path, new MammoImage(file.Path), Length(file.FullPath));
        }

        if (kind == ImageFormat.Unknown ? !isNamed : format == WorklistFormat.Dicom && kind != ImageFormat.Dicom)
            return null;
        var bytes = Length(file.FullPath);
        if (kind != ImageFormat.Dicom)
            return Item(new MammoImage(file.Path));
        try
        {
            var info = ImageReader.ReadInfo(file.FullPath);
            if (info.Dicom is not { HasPixels: true } dicom)
                return null;
            var image = DicomFolder.ImageOf(info) with { Path = file.Path };
            return dicom.SopInstanceUid is { } uid ? new WorkItem(uid, image, bytes) : Item(image);
        }
        catch (MammoException)
        {
            return Item(new MammoImage(file.Path));
        }

        WorkItem Item(MammoImage image) => new(ContentOr(file), image, bytes);
    }

    /// <summary>The identity of an image that a dataset names.</summary>
    public static WorkItem Of(MammoImage image, ArchiveFile file) => Of(file, WorklistFormat.Any) is { } item
        ? item with { Image = image with { Path = file.Path } }
        : new WorkItem(ContentOr(file), image with { Path = file.Path }, Length(file.FullPath));

    // Nothing is known of the content of an empty file or one that cannot be read: two of them are two images.
    private static string ContentOr(ArchiveFile file)
    {
        try
        {
            return WorkItem.ContentPrefix + ContentHash.Sha256(file.FullPath);
        }
        catch (MammoException)
        {
            return WorkItem.PathPrefix + file.Path;
        }
    }

    private static ImageFormat Kind(string path)
    {
        try
        {
            using var file = InputFile.Open(path, bufferSize: 0);
            var start = new byte[ImageSignature.Length];
            return ImageSignature.Detect(start.AsSpan(0, file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)));
        }
        catch (NoFileException)
        {
            // Empty, or a pipe: an image by its name alone.
            return ImageFormat.Unknown;
        }
    }

    private static long Length(string path)
    {
        try
        {
            return InputFile.LengthOf(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
