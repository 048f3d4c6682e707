namespace Mammo;

/// <summary>Lengths of files without opening them, for a pipe would wait.</summary>
public static class FileLength
{
    /// <summary>Bytes of a file, or of the file that a symbolic link leads to: the system says a link's own length, which is that of a name.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is none, or the link leads nowhere.</exception>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    public static long Of(string path)
    {
        var file = new FileInfo(path);
        return new FileInfo(file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path).Length;
    }
}
