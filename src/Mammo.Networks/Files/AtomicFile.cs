namespace Mammo.Networks.Files;

/// <summary>Writes files that are either complete or not there.</summary>
internal static class AtomicFile
{
    private const int BufferSize = 1 << 20;

    /// <summary>Fails when the target exists and shall not be replaced.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileExists"/>.</exception>
    public static void CheckFree(string path, bool force)
    {
        if (!force && Path.Exists(path))
            throw new MammoException(ErrorIds.FileExists, $"'{path}' exists already.", "Give another name, or -Force to replace it.", path);
    }

    /// <summary>Writes into a new file beside the target and then puts it in the target's place, which may exist.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>: the file system refuses.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        var partial = $"{path}.{Path.GetRandomFileName()}.part";
        try
        {
            using (var stream = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Discard(partial);
            throw new MammoException(
                ErrorIds.FileNotWritten, $"'{path}' cannot be written: {failure.Message}", "Check that the folder exists, is yours to write and has room.", path, failure);
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
