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

    /// <summary>
    /// Writes to a temporary file beside the target, flushes it to the disk and moves it into place; a failure leaves the target as it was. Temporary files of
    /// processes that were killed are removed from the folder.
    /// </summary>
    /// <param name="path">Target; its folder is created where it is missing.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="check">Given the finished temporary file's name before it is moved; throws where it is not as it should be. Null for no check.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>: the file system refuses.</exception>
    public static void Write(string path, Action<Stream> write, Action<string>? check = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        var target = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(target) ?? throw new ArgumentException($"'{path}' is not the name of a file.", nameof(path));
        var temporary = TemporaryFiles.In(folder);
        try
        {
            Directory.CreateDirectory(folder);
            TemporaryFiles.SweepNowAndThen(folder);
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            check?.Invoke(temporary);
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception failure)
        {
            TemporaryFiles.Remove(temporary);
            if (failure is IOException or UnauthorizedAccessException)
                throw new MammoException(ErrorIds.FileNotWritten, $"'{path}' cannot be written: {failure.Message}", WriteErrors.FixOf(failure), path, failure);
            throw;
        }
    }

    /// <summary>Makes a folder if it is missing and writes a byte there that goes at once: whether this account may write there is known afterwards.</summary>
    /// <exception cref="IOException">The file system refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">This account may not.</exception>
    public static void Probe(string folder)
    {
        Directory.CreateDirectory(folder);
        using var probe = Scratch(folder);
        probe.WriteByte(0);
        probe.Flush(flushToDisk: true);
    }

    /// <summary>A new file to write and read, which goes when it is closed.</summary>
    /// <param name="folder">Where it is.</param>
    public static FileStream Scratch(string folder)
    {
        TemporaryFiles.SweepNowAndThen(folder);
        return new FileStream(
            TemporaryFiles.In(folder), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16, FileOptions.DeleteOnClose);
    }
}
