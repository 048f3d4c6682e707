namespace Mammo;

/// <summary>Writes files so that a reader sees the old content or the whole new one, never half of it.</summary>
public static class AtomicFile
{
    private const int BufferSize = 1 << 20;

    /// <summary>Fails when the target exists and shall not be replaced.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileExists"/>.</exception>
    public static void CheckFree(string path, bool force)
    {
        if (!force && Path.Exists(path))
            throw new MammoException(ErrorIds.FileExists, $"'{path}' exists already.", "Give another name, or -Force to replace it.", path);
    }

    /// <summary>Writes to a temporary file beside the target, flushes it to the disk and moves it into place; a failure leaves the target as it was.</summary>
    /// <param name="path">Target; its folder is created where it is missing.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>: the file system refuses.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        var target = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(target) ?? throw new ArgumentException($"'{path}' is not the name of a file.", nameof(path));
        var temporary = Path.Combine(folder, $".{Path.GetRandomFileName()}.tmp");
        try
        {
            Directory.CreateDirectory(folder);
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception failure)
        {
            Discard(temporary);
            if (failure is IOException or UnauthorizedAccessException)
                throw new MammoException(
                    ErrorIds.FileNotWritten,
                    $"'{path}' cannot be written: {failure.Message}",
                    "Check that its folder is yours to write and has room.",
                    path,
                    failure);
            throw;
        }
    }

    private static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is the one to report.
        }
    }
}
