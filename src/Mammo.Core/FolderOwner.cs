using System.Collections.Concurrent;

namespace Mammo;

/// <summary>
/// The one process, and the one run within it, that may write to a folder: it holds a lock file (<c>.mammo.lock</c>) open, which the system lets go when the
/// process dies, and removes it at the end. Nobody can open a locked file, so its length says which process has it: as many zeros as its number.
/// </summary>
public sealed class FolderOwner : IDisposable
{
    private const string FileName = ".mammo.lock";
    private const int Tries = 20;

    // What the system says of a file that another one has locked, on Windows and on Linux.
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int WouldBlock = 11;

    private static readonly ConcurrentDictionary<string, byte> Owned = new(StringComparer.Ordinal);

    private readonly string _folder;
    private readonly FileStream _file;

    private FolderOwner(string folder, FileStream file) => (_folder, _file) = (folder, file);

    /// <summary>Takes a folder, and removes what dead processes left in it.</summary>
    /// <param name="folder">The folder; made if it is missing.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FolderInUse"/>: another run writes to it; <see cref="ErrorIds.FolderUnwritable"/>: it cannot be written to.
    /// </exception>
    public static FolderOwner Take(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Owned.TryAdd(full, 0))
            throw InUse(full, Environment.ProcessId, null);
        try
        {
            var owner = new FolderOwner(full, Locked(full));
            TemporaryFiles.Sweep(full);
            return owner;
        }
        catch
        {
            Owned.TryRemove(full, out _);
            throw;
        }
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose()
    {
        // Removed while it is still locked: whoever opened it meanwhile sees that it is gone. Windows lets it be removed only afterwards.
        if (!OperatingSystem.IsWindows())
            TemporaryFiles.Remove(_file.Name);
        _file.Dispose();
        if (OperatingSystem.IsWindows())
            TemporaryFiles.Remove(_file.Name);
        Owned.TryRemove(_folder, out _);
    }

    private static FileStream Locked(string folder)
    {
        var path = Path.Combine(folder, FileName);
        for (var left = Tries; left > 0; left--)
        {
            try
            {
                Directory.CreateDirectory(folder);
                var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
                if (IsMine(file, path))
                    return file;
                file.Dispose();
            }
            catch (IOException failure) when (failure.HResult is SharingViolation or WouldBlock)
            {
                if (Holder(path) is > 0 and var process)
                    throw InUse(folder, process, failure);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new MammoException(
                    ErrorIds.FolderUnwritable, $"Nothing can be written to the folder '{folder}': {failure.Message}", WriteErrors.FixOf(failure), folder,
                    failure);
            }

            // The holder has not said who it is yet, or is just leaving.
            Thread.Sleep(10);
        }

        throw InUse(folder, 0, null);
    }

    // The one before may have removed the file between its opening and its locking: then this is a lock on nothing.
    private static bool IsMine(FileStream file, string path)
    {
        try
        {
            file.SetLength(Environment.ProcessId);
            return Holder(path) == Environment.ProcessId;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static long Holder(string path)
    {
        try
        {
            return InputFile.LengthOf(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static MammoException InUse(string folder, long process, Exception? failure) => new(
        ErrorIds.FolderInUse,
        FormattableString.Invariant($"The folder '{folder}' is in use: {(process > 0 ? $"process {process}" : "another process")} is writing to it."),
        "Wait until that run has ended, or name another folder.",
        folder,
        failure);
}
