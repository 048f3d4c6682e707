namespace Mammo.Data.Images;

/// <summary>Holds what a header claims against the limit and against what the file can hold, before memory is taken for it.</summary>
/// <param name="FileLength">Bytes in the file.</param>
/// <param name="PixelLimit">Largest number of pixels accepted.</param>
internal sealed record ImageLimits(long FileLength, long PixelLimit)
{
    /// <summary>Above any mammogram (a 100 micrometre tomosynthesis stack excepted), below what exhausts a workstation.</summary>
    public const long DefaultPixelLimit = 400_000_000;

    /// <summary>Refuses sizes of 0, above the limit, or that would take more bytes than the file can unpack to.</summary>
    /// <param name="height">Rows claimed.</param>
    /// <param name="width">Columns claimed.</param>
    /// <param name="bitsPerPixel">Bits that a pixel takes before compression.</param>
    /// <param name="bestRatio">Bytes that one byte of the file can unpack to at most: 1 without compression.</param>
    public void Check(long height, long width, int bitsPerPixel, int bestRatio)
    {
        if (height <= 0 || width <= 0)
            throw new InvalidDataException(FormattableString.Invariant($"its header gives a size of {height}x{width} pixels"));
        if (width > PixelLimit / height)
            throw new ImageLimitException(FormattableString.Invariant($"its header gives {height}x{width} pixels; the limit is {PixelLimit} pixels"));
        if (height * (((width * bitsPerPixel) + 7) / 8) / bestRatio > FileLength)
            throw new InvalidDataException(FormattableString.Invariant(
                $"its header gives {height}x{width} pixels, more than a file of {FileLength} bytes can hold; it is truncated or damaged"));
    }
}

/// <summary>An image is larger than allowed; <see cref="ImageErrors"/> turns it into an error with the file's name.</summary>
internal sealed class ImageLimitException(string message) : Exception(message);

/// <summary>What is wrong with image files, in errors that a person can act on.</summary>
internal static class ImageErrors
{
    /// <summary>Runs a reader and gives its failures the file's name and an id.</summary>
    /// <param name="path">The file that is read.</param>
    /// <param name="read">Throws <see cref="InvalidDataException"/> for what is wrong with a file, in words that follow "cannot be read:".</param>
    public static T Guarded<T>(string path, Func<T> read)
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
            throw new MammoException(
                ErrorIds.ImageTooLarge, $"The image '{path}' is too large: {error.Message}.", "Resize the image with another program first.", path, error);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            if (InputFile.ErrorOf("image", path, error) is { } known)
                throw known;
            var message = $"The image '{path}' cannot be read: {error.Message.TrimEnd('.')}.";
            var fix = error is NoFileException { IsFolder: true }
                ? "Name the images in it: -Path 'FOLDER/*', or Get-ChildItem FOLDER -Recurse -File in front of the pipe."
                : error.Message.Contains("a table (CSV)", StringComparison.Ordinal)
                    ? "A list of images is a dataset: Import-MammoDataset LIST, in front of the pipe or as -Dataset."
                    : "Check the file with another program, or export it again.";
            throw new MammoException(ErrorIds.ImageUnreadable, message, fix, path, error);
        }
    }
}
