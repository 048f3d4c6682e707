using Mammo.Data.Images;

namespace Mammo.Data.Dicom;

/// <summary>Reads DICOM files (PS3.10), with and without preamble, recognised by content.</summary>
public static class DicomReader
{
    /// <summary>Reads an image with what its elements say. May be called from many threads.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read, and what is accepted; null for <see cref="DicomOptions.Default"/>.</param>
    /// <param name="pixelLimit">Largest rows x columns that are accepted.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.ImageUnreadable"/>: no DICOM file, truncated or damaged; <see cref="ErrorIds.ImageTooLarge"/>;
    /// <see cref="ErrorIds.DicomTransferSyntax"/>; <see cref="ErrorIds.DicomVoiMissing"/>; the id of the first refusal of <see cref="DicomChecks.Examine"/>.
    /// </exception>
    public static DicomImage Read(string path, DicomOptions? options = null, long pixelLimit = ImageLimits.DefaultPixelLimit) =>
        ImageErrors.Guarded(path, () => Decode(path, options ?? DicomOptions.Default, pixelLimit));

    /// <summary>Reads what a file's elements say, and nothing of its pixels. May be called from many threads.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="MammoException">As <see cref="Read"/>, without what concerns pixels.</exception>
    public static DicomImageInfo ReadInfo(string path) => ImageErrors.Guarded(path, () =>
    {
        using var file = DicomFile.Open(path);
        return DicomImageInfos.Of(file);
    });

    /// <summary>Rows and columns of an image that <see cref="Decode"/> reads.</summary>
    internal static ImageSize Size(string path, long pixelLimit)
    {
        using var file = DicomFile.Open(path);
        var layout = PixelLayout.Of(DicomImageInfos.Of(file), file.DataSet, pixelLimit);
        return new ImageSize(layout.Rows, layout.Columns);
    }

    internal static DicomImage Decode(string path, DicomOptions options, long pixelLimit)
    {
        using var file = DicomFile.Open(path);
        var info = DicomImageInfos.Of(file);
        var remarks = DicomChecks.Examine(info, options);
        if (remarks.FirstOrDefault(remark => remark.IsRefusal) is { } refusal)
            throw refusal.ToException();
        var layout = PixelLayout.Of(info, file.DataSet, pixelLimit);
        using var memory = DecodingBudget.Take(new ImageSize(layout.Rows, layout.Columns), (layout.BitsAllocated / 8) + (2 * sizeof(ushort)));
        var reader = new PixelReader(file, info, layout, options);
        var pixels = reader.Read();
        remarks = remarks.AddRange(reader.Remarks);
        var turn = DicomTurn.Of(info, new GreyImage(layout.Rows, layout.Columns, options.BitDepth, pixels), options.IsOriented);
        remarks = remarks.AddRange(turn.Remarks);
        var image = new GreyImage(layout.Rows, layout.Columns, options.BitDepth, pixels)
        {
            // In an image that is read in spite of a refusal, what would have refused it is a warning.
            Findings = [.. remarks.Select(remark => remark.ToFinding())],
            VoiUsed = reader.VoiUsed,
            SopInstanceUid = info.SopInstanceUid,
            Turn = turn.Turn,
        };
        return new DicomImage(image.Turn.Apply(image), info, reader.VoiUsed, remarks);
    }
}
