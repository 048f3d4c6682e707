namespace Mammo.Torch.Training.Checks;

/// <summary>Finds an unwritable folder or a full disk before a training rather than after it.</summary>
public static class OutputChecks
{
    /// <summary>Makes a folder if it is missing, writes a byte there, and compares the room on its disk with what will be needed.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="bytes">What will be written.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.FolderUnwritable"/>; <see cref="ErrorIds.DiskFull"/>.</exception>
    public static void RequireRoom(string folder, long bytes)
    {
        var path = Path.GetFullPath(folder);
        try
        {
            Directory.CreateDirectory(path);
            using var probe = new FileStream(
                Path.Combine(path, $".{Path.GetRandomFileName()}.tmp"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            probe.WriteByte(0);
            probe.Flush(flushToDisk: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new MammoException(
                ErrorIds.FolderUnwritable,
                $"Nothing can be written to the folder '{path}': {error.Message}",
                "Name another folder, or fix its permissions.",
                path,
                error);
        }

        if (FreeSpace(path) is { } free && free < bytes)
            throw new MammoException(
                ErrorIds.DiskFull,
                FormattableString.Invariant($"The disk of '{path}' has {free >> 20} MiB left, but {bytes >> 20} MiB will be written."),
                "Free room, or name a folder on another disk.",
                path);
    }

    private static long? FreeSpace(string path)
    {
        try
        {
            return new DriveInfo(path).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Network shares do not all report it.
            return null;
        }
    }
}
