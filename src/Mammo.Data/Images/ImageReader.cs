using Mammo.Data.Dicom;

namespace Mammo.Data.Images;

/// <summary>Reads grey images of 8 and 16 bits exactly; the format is told by a file's content, never by its name.</summary>
public static class ImageReader
{
    /// <summary>Above any mammogram (a 100 micrometre tomosynthesis stack excepted), below what exhausts a workstation.</summary>
    public const long DefaultPixelLimit = 400_000_000;

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
    public static GreyImage Read(string path, long pixelLimit = DefaultPixelLimit, DicomOptions? dicom = null) => Guarded(path, () =>
    {
        var bytes = ReadBytes(path);
        var limits = new ImageLimits(bytes.Length, pixelLimit);
        return ImageSignature.Detect(bytes) switch
        {
            ImageFormat.Bmp => BmpDecoder.Decode(bytes, limits),
            ImageFormat.Pnm => PnmDecoder.Decode(bytes, limits),
            ImageFormat.Dicom => DicomReader.Decode(path, dicom ?? DicomOptions.Default, pixelLimit).Image,
            ImageFormat.Unknown => throw new InvalidDataException(ImageSignature.UnknownFormat),
            var format => VipsDecoder.Decode(bytes, format, limits),
        };
    });

    /// <summary>Reads what a file says of its image without decoding pixels. May be called from many threads.</summary>
    /// <param name="path">Image file of any format that <see cref="Read"/> knows.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.ImageUnreadable"/>: its beginning is damaged, or it is no image.
    /// </exception>
    public static ImageInfo ReadInfo(string path) => Guarded(path, () =>
    {
        using var file = Open(path);
        return ImageHeader.Read(path, file, ReadStart(file));
    });

    /// <summary>Runs a reader and gives its failures the file's name and an id.</summary>
    /// <param name="path">The file that is read.</param>
    /// <param name="read">Throws <see cref="InvalidDataException"/> for what is wrong with a file, in words that follow "cannot be read:".</param>
    internal static T Guarded<T>(string path, Func<T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return read();
        }
        catch (MammoException error)
        {
            throw error.Named(path);
        }
        catch (ImageLimitException error)
        {
            throw new MammoException(ErrorIds.ImageTooLarge, $"The image '{path}' is too large: {error.Message}.", "Resize the image with another program first.", path, error);
        }
        catch (InvalidDataException error)
        {
            throw Unreadable(path, error);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MammoException(ErrorIds.FileNotFound, $"The image '{path}' does not exist.", target: path, inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw Unreadable(path, error);
        }
    }

    private static MammoException Unreadable(string path, Exception error) =>
        new(ErrorIds.ImageUnreadable, $"The image '{path}' cannot be read: {error.Message.TrimEnd('.')}.", "Check the file with another program, or export it again.", path, error);

    private static byte[] ReadBytes(string path)
    {
        using var file = Open(path);
        var start = ReadStart(file);
        if (ImageSignature.Detect(start) is ImageFormat.Unknown or ImageFormat.Dicom)
            return start;
        if (file.Length > Array.MaxLength)
            throw new ImageLimitException(FormattableString.Invariant($"the file has {file.Length} bytes"));
        var bytes = new byte[file.Length];
        start.CopyTo(bytes, 0);
        file.ReadExactly(bytes.AsSpan(start.Length));
        return bytes;
    }

    // The length is looked at before a file is opened, and the first bytes before the rest is read: pipes and devices have length 0, and a large file of
    // another kind is left alone.
    private static FileStream Open(string path)
    {
        if (Directory.Exists(path))
            throw new InvalidDataException("it is a folder");
        if (FileLength.Of(path) == 0)
            throw new InvalidDataException("the file is empty");
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    private static byte[] ReadStart(FileStream file)
    {
        var start = new byte[Math.Min(file.Length, ImageSignature.Length)];
        file.ReadExactly(start);
        return start;
    }
}
