using System.Buffers.Binary;
using Mammo.Data.Dicom;
using Mammo.Data.Images;

namespace Mammo.Data.Files;

/// <summary>Reads what stands before the pixels.</summary>
internal static class ImageHeader
{
    // Comments before the size of a PGM are a few lines.
    private const int PnmStart = 1 << 16;

    /// <param name="path">The file.</param>
    /// <param name="file">The same, open, behind its first bytes.</param>
    /// <param name="start">The first bytes.</param>
    /// <param name="dicom">What is accepted of DICOM files; null for <see cref="DicomOptions.Default"/>.</param>
    public static ImageInfo Read(string path, FileStream file, byte[] start, DicomOptions? dicom = null) => ImageSignature.Detect(start) switch
    {
        ImageFormat.Dicom => Dicom(path, dicom ?? DicomOptions.Default),
        ImageFormat.Png => Png(path, file, start),
        ImageFormat.Bmp => Bmp(path, start),
        ImageFormat.Pnm => Pnm(path, file, start),
        ImageFormat.Tiff => Tiff(path, file),
        ImageFormat.Unknown => throw new InvalidDataException(ImageSignature.Unknown(path)),
        var format => Vips(path, format),
    };

    private static ImageInfo Dicom(string path, DicomOptions options)
    {
        var info = DicomReader.ReadInfo(path);
        return new ImageInfo(path, "DICOM")
        {
            Height = info.Rows,
            Width = info.Columns,
            BitDepth = info.BitsStored,
            Channels = info.SamplesPerPixel,
            Dicom = info,
            Remarks = DicomChecks.Examine(info, options),
        };
    }

    private static ImageInfo Png(string path, FileStream file, byte[] start)
    {
        PngHeader.Check(start, new ImageLimits(long.MaxValue, long.MaxValue));
        var planes = PngMark.Of(file) is { ZScore: true } ? 2 : 1;
        return new ImageInfo(path, "PNG")
        {
            Height = BinaryPrimitives.ReadInt32BigEndian(start.AsSpan(20)) / planes,
            Width = BinaryPrimitives.ReadInt32BigEndian(start.AsSpan(16)),
            Planes = planes,
            BitDepth = start[24],
            // Grey, RGB, palette, grey with transparency, RGB with transparency.
            Channels = start[25] switch { 2 or 3 => 3, 4 => 2, 6 => 4, _ => 1 },
        };
    }

    private static ImageInfo Bmp(string path, ReadOnlySpan<byte> start)
    {
        if (start.Length < 30)
            throw new InvalidDataException("it is truncated or damaged (its header is incomplete)");
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(start[28..]);
        return new ImageInfo(path, "BMP")
        {
            Height = (int)Math.Min(Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(start[22..])), int.MaxValue),
            Width = BinaryPrimitives.ReadInt32LittleEndian(start[18..]),
            BitDepth = 8,
            Channels = bits <= 8 ? 1 : bits / 8,
        };
    }

    private static ImageInfo Pnm(string path, FileStream file, byte[] start)
    {
        var bytes = new byte[Math.Min(file.Length, PnmStart)];
        start.CopyTo(bytes, 0);
        file.ReadExactly(bytes.AsSpan(start.Length));
        var (kind, width, height, highest) = PnmDecoder.Values(bytes, out _);
        return new ImageInfo(path, "PNM") { Height = height, Width = width, BitDepth = highest > byte.MaxValue ? 16 : 8, Channels = kind is 3 or 6 ? 3 : 1 };
    }

    // libvips looks at a file's first picture, which may be a thumbnail.
    private static ImageInfo Tiff(string path, FileStream file)
    {
        var (size, bitDepth, channels) = TiffDecoder.Header(file);
        return new ImageInfo(path, "TIFF") { Height = size.Height, Width = size.Width, BitDepth = bitDepth, Channels = channels };
    }

    private static ImageInfo Vips(string path, ImageFormat format)
    {
        var (height, width, bitDepth, channels) = VipsDecoder.ReadHeader(path, format);
        var name = format == ImageFormat.WebP ? "WebP" : format.ToString().ToUpperInvariant();
        return new ImageInfo(path, name) { Height = height, Width = width, BitDepth = bitDepth, Channels = channels };
    }
}
