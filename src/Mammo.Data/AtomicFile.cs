namespace Mammo.Data;

/// <summary>Writes files so that a reader sees the old content or the whole new one, never half of it.</summary>
public static class AtomicFile
{
    private const int BufferSize = 1 << 20;

    /// <summary>Writes to a new file beside the target, flushes it to the disk and puts it in the target's place; a failure leaves the target as it was.</summary>
    /// <param name="path">Target; its folder is created where it is missing.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>: the file system refuses.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        var target = Path.GetFullPath(path);
        var partial = $"{target}.{Path.GetRandomFileName()}.part";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using (var stream = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, target, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Discard(partial);
            throw new MammoException(ErrorIds.FileNotWritten, $"'{path}' cannot be written: {failure.Message}", "Check that the folder is yours to write and has room.", path, failure);
        }
        catch
        {
            Discard(partial);
            throw;
        }
    }

    private static void Discard(string partial)
    {
        try
        {
            File.Delete(partial);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one to tell; a partial file has a name that nothing reads.
        }
    }
}
