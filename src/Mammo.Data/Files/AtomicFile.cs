namespace Mammo.Data.Files;

/// <summary>Writes files that appear whole or not at all: beside their place first, flushed, then renamed.</summary>
public static class AtomicFile
{
    /// <summary>Writes bytes, replacing a file of that name. Folders on the way are made.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileUnwritable"/>.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var temporary = string.Empty;
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            Directory.CreateDirectory(folder);
            temporary = Path.Combine(folder, $".{Path.GetRandomFileName()}.tmp");
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Remove(temporary);
            throw new MammoException(ErrorIds.FileUnwritable, $"The file {path} cannot be written: {failure.Message}", "Check the folder, its rights and the free space.", path, failure);
        }
    }

    private static void Remove(string temporary)
    {
        try
        {
            if (temporary.Length > 0)
                File.Delete(temporary);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is the one to report.
        }
    }
}
