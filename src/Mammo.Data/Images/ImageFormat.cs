namespace Mammo.Data.Images;

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
