namespace Mammo.Data;

/// <summary>Writes files so that a reader sees the old content or the whole new one, never half of it.</summary>
public static class AtomicFile
{
    /// <summary>Writes to a temporary file beside the target, flushes it to the disk and moves it into place; a failure leaves the target as it was.</summary>
    /// <param name="path">Target; its folder is created where it is missing.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileUnwritable"/>: the folder, its rights or the space forbid it.</exception>
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
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception failure)
        {
            Remove(temporary);
            if (failure is not (IOException or UnauthorizedAccessException))
                throw;
            throw new MammoException(ErrorIds.FileUnwritable, $"The file '{target}' cannot be written: {failure.Message}", "Check the folder, its rights and the free space.", target, failure);
        }
    }

    private static void Remove(string temporary)
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
