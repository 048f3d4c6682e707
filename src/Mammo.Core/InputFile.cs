using System.Text;

namespace Mammo;

/// <summary>The one way in which files are opened to be read: a file of known length, or an error. What would wait or never end is not opened.</summary>
public static class InputFile
{
    /// <summary>Longest text that is read as a list, in bytes: far above any list of images, far below what exhausts a workstation.</summary>
    public const long LongestText = 1L << 30;

    private const int SharingViolation = unchecked((int)0x80070020);
    private const int LockViolation = unchecked((int)0x80070021);
    private const int WouldBlock = 11;

    /// <summary>Called with each path that is opened to be read, from whatever thread does it; tests count with it.</summary>
    internal static event Action<string>? Opened;

    /// <summary>Opens a file for reading. Others may go on to write, rename and remove it.</summary>
    /// <param name="path">The file, or a link to it.</param>
    /// <param name="bufferSize">Bytes read ahead; 0 for none.</param>
    /// <exception cref="FileNotFoundException">There is none, or the link leads nowhere.</exception>
    /// <exception cref="DirectoryNotFoundException">Its folder is missing.</exception>
    /// <exception cref="UnauthorizedAccessException">This account may not read it.</exception>
    /// <exception cref="NoFileException">It is a folder, empty, a pipe or a device.</exception>
    /// <exception cref="IOException">The file system refuses.</exception>
    public static FileStream Open(string path, int bufferSize = 1 << 16)
    {
        // The length is looked at before the file is opened: pipes and devices have length 0, and would wait or never end.
        if (Directory.Exists(path))
            throw new NoFileException("it is a folder") { IsFolder = true };
        if (LengthOf(path) == 0)
            throw new NoFileException("it is empty, or is a pipe or a device");
        Opened?.Invoke(path);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize);
    }

    /// <summary>Opens a text; a byte-order mark decides about its encoding before the one that is given.</summary>
    /// <param name="path">The file.</param>
    /// <param name="encoding">Its encoding; null for UTF-8 in which wrong bytes are replaced.</param>
    /// <exception cref="IOException">As <see cref="Open"/>, or it is longer than <see cref="LongestText"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">This account may not read it.</exception>
    public static StreamReader OpenText(string path, Encoding? encoding = null)
    {
        var file = Open(path);
        if (file.Length <= LongestText)
            return new StreamReader(file, encoding ?? Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        var length = file.Length;
        file.Dispose();
        throw new NoFileException(FormattableString.Invariant($"it has {length} bytes, more than a list has"));
    }

    /// <summary>The lines of a text.</summary>
    /// <exception cref="IOException">As <see cref="OpenText"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">This account may not read it.</exception>
    public static IEnumerable<string> Lines(string path)
    {
        using var text = OpenText(path);
        while (text.ReadLine() is { } line)
            yield return line;
    }

    /// <summary>Bytes of a file, or of the file that a symbolic link leads to: the system says a link's own length, which is that of a name. It is not
    /// opened.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is none, or the link leads nowhere.</exception>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    public static long LengthOf(string path)
    {
        var file = new FileInfo(path);
        return new FileInfo(file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path).Length;
    }

    /// <summary>
    /// The error for a file that is missing, that this account may not read, or that another program keeps to itself; null for other failures, of which the
    /// reader knows more.
    /// </summary>
    /// <param name="what">What it is: "model file", "list".</param>
    /// <param name="path">The file.</param>
    /// <param name="failure">What opening or reading it threw.</param>
    public static MammoException? ErrorOf(string what, string path, Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => new MammoException(
            ErrorIds.FileNotFound, $"The {what} '{path}' does not exist.", "Check the path.", path, failure),
        UnauthorizedAccessException => new MammoException(
            ErrorIds.FileUnreadable, $"This account may not read the {what} '{path}'.", "Give this account the right to read it; it need not be damaged.", path,
            failure),
        IOException { HResult: SharingViolation or LockViolation or WouldBlock } => new MammoException(
            ErrorIds.FileUnreadable, $"The {what} '{path}' is kept open by another program.", "Close that program, or wait until it is done.", path, failure),
        _ => null,
    };

    /// <summary>The error for a file that cannot be read, where a reader has none of its own.</summary>
    /// <param name="what">What it is.</param>
    /// <param name="path">The file.</param>
    /// <param name="failure">What opening or reading it threw.</param>
    public static MammoException Unreadable(string what, string path, Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return ErrorOf(what, path, failure) ?? new MammoException(
            ErrorIds.FileUnreadable, $"The {what} '{path}' cannot be read: {failure.Message.TrimEnd('.')}.", "Check the file with another program.", path,
            failure);
    }
}

/// <summary>What a path leads to is nothing that can be read to an end.</summary>
/// <param name="message">What it is.</param>
public sealed class NoFileException(string message) : IOException(message)
{
    /// <summary>It is a folder.</summary>
    public bool IsFolder { get; init; }
}
