using Mammo.Data.Images;

namespace Mammo.Data.Dicom;

/// <summary>Reads DICOM files (PS3.10), with and without preamble, told by content.</summary>
public static class DicomReader
{
    /// <summary>Reads an image with what its elements say. May be called from many threads.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read, and what is accepted; null for <see cref="DicomOptions.Default"/>.</param>
    /// <param name="pixelLimit">Largest rows x columns that are accepted.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.ImageUnreadable"/>: no DICOM file, truncated or damaged; <see cref="ErrorIds.ImageTooLarge"/>;
    /// <see cref="ErrorIds.DicomTransferSyntax"/>, <see cref="ErrorIds.DicomNotImage"/>, <see cref="ErrorIds.DicomColour"/>, <see cref="ErrorIds.DicomVoiMissing"/>;
    /// the id of the first refusal of <see cref="DicomChecks.Examine"/>.
    /// </exception>
    public static DicomImage Read(string path, DicomOptions? options = null, long pixelLimit = ImageReader.DefaultPixelLimit) =>
        ImageReader.Guarded(path, () => Decode(path, options ?? DicomOptions.Default, pixelLimit));

    /// <summary>Reads what a file's elements say, and nothing of its pixels. May be called from many threads.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="MammoException">As <see cref="Read"/>, without what concerns pixels.</exception>
    public static DicomImageInfo ReadInfo(string path) => ImageReader.Guarded(path, () =>
    {
        using var file = DicomFile.Open(path);
        return DicomImageInfos.Of(file);
    });

    internal static DicomImage Decode(string path, DicomOptions options, long pixelLimit)
    {
        using var file = DicomFile.Open(path);
        var info = DicomImageInfos.Of(file);
        if (file.Pixels is null)
            throw NotImage(info);
        var layout = PixelLayout.Of(info, file.DataSet, pixelLimit);
        var remarks = DicomChecks.Examine(info, options);
        if (remarks.FirstOrDefault(remark => remark.IsRefusal) is { } refusal)
            throw new MammoException(refusal.Id, refusal.Message, refusal.Cure);
        var reader = new PixelReader(file, info, layout, options.Frame ?? 1, options.Voi);
        var greys = reader.Read();
        return new DicomImage(new GreyImage(layout.Rows, layout.Columns, 16, greys), info, reader.VoiUsed, remarks.AddRange(reader.Remarks));
    }

    private static MammoException NotImage(DicomImageInfo info) => new(
        ErrorIds.DicomNotImage,
        $"The file holds no image but {Describe(info.SopClassUid)}.",
        "Leave it out.");

    // The objects that lie beside images in an archive's folders (PS3.6, A).
    private static string Describe(string? uid) => uid switch
    {
        null => "a data set without pixels",
        "1.2.840.10008.1.3.10" => "a directory of files (DICOMDIR)",
        _ when uid.StartsWith("1.2.840.10008.5.1.4.1.1.88.", StringComparison.Ordinal) => "a structured report",
        _ when uid.StartsWith("1.2.840.10008.5.1.4.1.1.11.", StringComparison.Ordinal) => "a presentation state",
        _ when uid.StartsWith("1.2.840.10008.5.1.4.1.1.104.", StringComparison.Ordinal) => "a document",
        "1.2.840.10008.5.1.4.1.1.66" => "raw data",
        _ => $"an object of the class {uid}",
    };
}
