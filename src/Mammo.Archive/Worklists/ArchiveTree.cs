using System.Collections.Immutable;
using System.Globalization;
using Mammo.Data.Files;

namespace Mammo.Archive.Worklists;

/// <summary>The files of an archive at any depth, without hidden ones, one after the other: what is held is the folders above the present file.</summary>
internal static class ArchiveTree
{
    /// <summary>
    /// Lists files in ordinal order of their paths below the root, forward slashes between the parts. Links to folders are followed once on a branch.
    /// </summary>
    /// <param name="root">Where to begin.</param>
    /// <param name="after">A path that was listed before: what comes up to it is left out, folders without being opened. Null begins at the first.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileUnreadable"/>: a folder cannot be listed, so that its images would be missing.</exception>
    public static IEnumerable<ArchiveFile> Files(string root, string? after = null) =>
        Below(new DirectoryInfo(root), root, "", after, []);

    private static IEnumerable<ArchiveFile> Below(DirectoryInfo folder, string realPath, string prefix, string? after, ImmutableHashSet<string> above)
    {
        var real = folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? realPath;
        if (above.Contains(real))
            yield break;
        var branch = above.Add(real);
        foreach (var (path, entry) in Entries(folder, prefix))
        {
            if (entry is not DirectoryInfo child)
            {
                if (after is null || string.CompareOrdinal(path, after) > 0)
                    yield return new ArchiveFile(path, entry.FullName);
                continue;
            }

            var isWithin = after?.StartsWith(path, StringComparison.Ordinal) == true;
            if (after is not null && !isWithin && string.CompareOrdinal(path, after) < 0)
                continue;
            foreach (var file in Below(child, Path.Combine(real, child.Name), path, isWithin ? after : null, branch))
                yield return file;
        }
    }

    // A folder's name sorts with its slash, so that the order is that of whole paths.
    private static (string Path, FileSystemInfo Entry)[] Entries(DirectoryInfo folder, string prefix)
    {
        try
        {
            return Apart([.. folder.EnumerateFileSystemInfos()
                .Where(entry => !HiddenFiles.IsHidden(entry.Name) && !IsHidden(entry))
                .Select(entry => (Path: entry is DirectoryInfo ? $"{prefix}{entry.Name}/" : prefix + entry.Name, entry))
                .OrderBy(pair => pair.Path, StringComparer.Ordinal)]);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MammoException(
                ErrorIds.FileUnreadable,
                $"The folder '{folder.FullName}' cannot be listed: {failure.Message}",
                "Give this account the right to read it, rename it where its name is not in UTF-8, or name a root without it; then run the command again: "
                    + "it goes on where it was.",
                folder.FullName,
                failure);
        }
    }

    // Of what cannot be found again by its name, which is in no encoding that .NET knows, all attributes are set.
    private static bool IsHidden(FileSystemInfo entry) => entry.Attributes is var attributes && attributes != (FileAttributes)(-1)
        && attributes.HasFlag(FileAttributes.Hidden);

    // Names that cannot be read may look alike, and are files of their own.
    private static (string Path, FileSystemInfo Entry)[] Apart((string Path, FileSystemInfo Entry)[] entries)
    {
        for (var (place, alike) = (1, 1); place < entries.Length; place++)
        {
            alike = entries[place].Entry.Name == entries[place - 1].Entry.Name ? alike + 1 : 1;
            if (alike > 1)
                entries[place].Path = string.Create(CultureInfo.InvariantCulture, $"{entries[place].Path} ({alike})");
        }

        return entries;
    }
}

/// <summary>A file below a root.</summary>
/// <param name="Path">Its path from there, with forward slashes.</param>
/// <param name="FullPath">Its full path.</param>
internal readonly record struct ArchiveFile(string Path, string FullPath);
