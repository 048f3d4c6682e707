using Mammo.Data.Dicom;

namespace Mammo.Data.Files;

/// <summary>What a file's first bytes say that it is.</summary>
internal enum ImageFormat
{
    Unknown,
    Png,
    Jpeg,
    Tiff,
    WebP,
    Bmp,
    Pnm,
    Dicom,
}

/// <summary>Recognises image formats by their first bytes.</summary>
internal static class ImageSignature
{
    /// <summary>Number of bytes at the start of a file that decide.</summary>
    public const int Length = DicomSignature.Length;

    /// <summary>What is said of another file, behind "cannot be read:".</summary>
    /// <param name="path">The file.</param>
    public static string Unknown(string path) => (FileContent.NameOf(path) is { } name ? $"it is {name}, not" : "it is not")
        + " a PNG, JPEG, TIFF, WebP, BMP, PGM, PPM or DICOM image, whatever its name says";

    public static ImageFormat Detect(ReadOnlySpan<byte> start) => start switch
    {
        // The first 128 bytes of a DICOM file may be those of another format, mostly of TIFF.
        _ when DicomSignature.Detect(start) != DicomStart.None => ImageFormat.Dicom,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => ImageFormat.Png,
        [0xFF, 0xD8, 0xFF, ..] => ImageFormat.Jpeg,
        // Classic TIFF has version 42, BigTIFF 43, in the byte order that the first two letters give.
        [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..] => ImageFormat.Tiff,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ImageFormat.WebP,
        [(byte)'B', (byte)'M', ..] => ImageFormat.Bmp,
        [(byte)'P', >= (byte)'1' and <= (byte)'7', (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'#', ..] => ImageFormat.Pnm,
        _ => ImageFormat.Unknown,
    };
}
