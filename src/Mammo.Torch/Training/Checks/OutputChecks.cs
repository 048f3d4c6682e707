using System.Globalization;
namespace Mammo.Torch.Training.Checks;

/// <summary>Finds an unwritable folder or a full disk before a training rather than after it.</summary>
public static class OutputChecks
{
    private const double TenthOfMiB = (1 << 20) / 10.0;

    /// <summary>Makes a folder if it is missing, writes a byte there, and compares the room on its disk with what will be needed.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="bytes">What will be written.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.FolderUnwritable"/>; <see cref="ErrorIds.DiskFull"/>.</exception>
    public static void RequireRoom(string folder, long bytes)
    {
        var path = Path.GetFullPath(folder);
        try
        {
            AtomicFile.Probe(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new MammoException(
                ErrorIds.FolderUnwritable,
                $"Nothing can be written to the folder '{path}': {error.Message}",
                WriteErrors.FixOf(error),
                path,
                error);
        }

        if (FreeSpace(path) is { } free && free < bytes)
            throw new MammoException(
                ErrorIds.DiskFull,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The disk of '{path}' has {Math.Floor(free / TenthOfMiB) / 10:0.0} MiB left, but {Math.Ceiling(bytes / TenthOfMiB) / 10:0.0} MiB will "
                    + $"be written."),
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
