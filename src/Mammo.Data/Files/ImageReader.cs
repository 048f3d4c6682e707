using Mammo.Data.Dicom;
using Mammo.Data.Images;

namespace Mammo.Data.Files;

/// <summary>Reads grey images of 8 and 16 bits exactly; the format is recognised by a file's content, never by its name.</summary>
public static class ImageReader
{
    /// <summary>Largest height × width that is accepted unless the caller says otherwise.</summary>
    public const long DefaultPixelLimit = ImageLimits.DefaultPixelLimit;

    // Enough for the header of a bitmap or PNG, and for that of a PGM or PPM with some comments.
    private const int HeaderLength = 4096;

    // Four channels of 64 bits, and what texts and profiles may take.
    private const int MostBytesOfPixel = 32;
    private const long MostBesidesPixels = 64L << 20;

    /// <summary>Called with each path whose pixels are to be decoded, from whatever thread does it; tests count with it.</summary>
    internal static event Action<string>? Decoding;

    /// <summary>
    /// Reads PNG, JPEG, TIFF, WebP, BMP, PGM, PPM or DICOM. Colour becomes grey (ITU-R BT.601 luma, rounded as OpenCV does), alpha is ignored,
    /// 1-, 2- and 4-bit pixels are stretched to 8 bits, colour profiles and orientation marks are not applied. May be called from many threads.
    /// </summary>
    /// <param name="path">Image file.</param>
    /// <param name="pixelLimit">Largest height × width that is accepted; checked before anything is decoded.</param>
    /// <param name="dicom">How DICOM files are read; null for <see cref="DicomOptions.Default"/>.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.ImageUnreadable"/>: empty, truncated, damaged, unknown or unsupported;
    /// <see cref="ErrorIds.ImageTooLarge"/>: more pixels than the limit; for DICOM files also what <see cref="DicomReader.Read"/> has.
    /// </exception>
    public static GreyImage Read(string path, long pixelLimit = DefaultPixelLimit, DicomOptions? dicom = null) => ImageErrors.Guarded(path, () =>
    {
        using var file = Open(path);
        var start = Start(file, ImageSignature.Length);
        var format = FormatOf(path, start);
        Decoding?.Invoke(path);
        if (format == ImageFormat.Dicom)
            return DicomReader.Decode(path, dicom ?? DicomOptions.Default, pixelLimit).Image;
        CheckLength(path, file, start, format, pixelLimit);
        var bytes = Whole(file, start);
        var limits = new ImageLimits(bytes.Length, pixelLimit);
        return format switch
        {
            ImageFormat.Bmp => BmpDecoder.Decode(bytes, limits),
            ImageFormat.Pnm => PnmDecoder.Decode(bytes, limits),
            ImageFormat.Tiff => TiffDecoder.Decode(bytes, limits),
            _ => VipsDecoder.Decode(bytes, format, limits),
        };
    });

    /// <summary>Rows and columns of an image that <see cref="Read"/> reads, from its header alone: what is wrong with its pixels is not found.</summary>
    /// <param name="path">Image file.</param>
    /// <param name="pixelLimit">Largest height × width that is accepted.</param>
    /// <exception cref="MammoException">As <see cref="Read"/>.</exception>
    public static ImageSize Size(string path, long pixelLimit = DefaultPixelLimit) => ImageErrors.Guarded(path, () =>
    {
        using var file = Open(path);
        var start = Start(file, HeaderLength);
        return SizeOf(path, file, start, FormatOf(path, start), pixelLimit);
    });

    /// <summary>Reads what a file says of its image without decoding pixels. May be called from many threads.</summary>
    /// <param name="path">Image file of any format that <see cref="Read"/> knows.</param>
    /// <param name="dicom">What is accepted of DICOM files; null for <see cref="DicomOptions.Default"/>.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.ImageUnreadable"/>: its beginning is damaged, or it is no image.
    /// </exception>
    public static ImageInfo ReadInfo(string path, DicomOptions? dicom = null) => ImageErrors.Guarded(path, () =>
    {
        using var file = Open(path);
        return ImageHeader.Read(path, file, Start(file, ImageSignature.Length), dicom);
    });

    /// <summary>What a DICOM file says of its image; null for files of other kinds, empty ones included.</summary>
    /// <exception cref="MammoException">As <see cref="ReadInfo"/>, for DICOM files alone.</exception>
    internal static ImageInfo? ReadDicomInfo(string path) => ImageErrors.Guarded(path, () =>
    {
        if (InputFile.LengthOf(path) == 0)
            return null;
        using var file = Open(path);
        var start = Start(file, ImageSignature.Length);
        return ImageSignature.Detect(start) == ImageFormat.Dicom ? ImageHeader.Read(path, file, start) : null;
    });

    // Header before content: a file of holes, or with much behind its picture, is not read for it. Comments and colour profiles have their room.
    private static void CheckLength(string path, FileStream file, byte[] start, ImageFormat format, long pixelLimit)
    {
        if (file.Length <= MostBesidesPixels)
            return;
        file.Position = 0;
        var head = Start(file, HeaderLength);
        var size = SizeOf(path, file, head, format, pixelLimit);
        if (file.Length > MostBesidesPixels + ((long)size.Height * size.Width * MostBytesOfPixel))
            throw new InvalidDataException(FormattableString.Invariant(
                $"its header gives {size} pixels, far fewer than its {file.Length} bytes hold; it is damaged"));
        file.Position = start.Length;
    }

    private static ImageSize SizeOf(string path, FileStream file, byte[] start, ImageFormat format, long pixelLimit)
    {
        var limits = new ImageLimits(file.Length, pixelLimit);
        return format switch
        {
            ImageFormat.Bmp => BmpDecoder.Size(start, limits),
            ImageFormat.Pnm => PnmSize(file, start, limits),
            ImageFormat.Dicom => DicomReader.Size(path, pixelLimit),
            ImageFormat.Tiff => TiffDecoder.Size(file, limits),
            _ => VipsDecoder.Size(path, start, format, limits),
        };
    }

    private static ImageSize PnmSize(FileStream file, byte[] start, ImageLimits limits)
    {
        try
        {
            return PnmDecoder.Size(start, limits);
        }
        catch (InvalidDataException) when (start.Length < file.Length)
        {
            // Comments may be longer than the start.
            return PnmDecoder.Size(Whole(file, start), limits);
        }
    }

    private static FileStream Open(string path) => InputFile.Open(path, bufferSize: 0);

    private static ImageFormat FormatOf(string path, byte[] start) => ImageSignature.Detect(start) is not ImageFormat.Unknown and var format
        ? format
        : throw new InvalidDataException(ImageSignature.Unknown(path));

    private static byte[] Start(FileStream file, int count)
    {
        var start = new byte[Math.Min(file.Length, count)];
        file.ReadExactly(start);
        return start;
    }

    // Read after the start was looked at: a large file of another kind is left alone.
    private static byte[] Whole(FileStream file, byte[] start)
    {
        if (file.Length > Array.MaxLength)
            throw new ImageLimitException(FormattableString.Invariant($"the file has {file.Length} bytes"));
        var bytes = new byte[file.Length];
        start.CopyTo(bytes, 0);
        file.ReadExactly(bytes.AsSpan(start.Length));
        return bytes;
    }
}
