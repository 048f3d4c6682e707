using System.Collections.Immutable;

namespace Mammo.Data.Files;

/// <summary>The files of a folder at any depth, without hidden ones.</summary>
internal static class FileTree
{
    /// <summary>
    /// Lists files in ordinal order of their paths within the folder, forward slashes between the parts. Links to folders are followed once on a branch, so
    /// that
    /// loops end.
    /// </summary>
    /// <param name="folder">Where to begin.</param>
    /// <param name="isWanted">Asked of each file, and of each folder before it is entered.</param>
    public static IEnumerable<string> Files(DirectoryInfo folder, Func<FileSystemInfo, bool> isWanted)
    {
        var paths = new List<string>();
        Collect(folder, folder.FullName, isWanted, paths, []);
        return paths.OrderBy(path => Path.GetRelativePath(folder.FullName, path).Replace(Path.DirectorySeparatorChar, '/'), StringComparer.Ordinal);
    }

    // A folder is known by its real path, links resolved; meeting one again below itself is a loop.
    private static void Collect(DirectoryInfo folder, string realPath, Func<FileSystemInfo, bool> isWanted, List<string> paths, ImmutableHashSet<string> above)
    {
        var real = folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? realPath;
        if (above.Contains(real))
            return;
        var branch = above.Add(real);
        foreach (var entry in folder.EnumerateFileSystemInfos().Where(entry => !HiddenFiles.IsHidden(entry.Name) && isWanted(entry)))
        {
            if (entry is DirectoryInfo child)
                Collect(child, Path.Combine(real, child.Name), isWanted, paths, branch);
            else
                paths.Add(entry.FullName);
        }
    }
}
