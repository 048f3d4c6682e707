namespace Mammo.Data.Datasets;

/// <summary>Paths in lists, so that a folder with its list can be moved.</summary>
internal static class RelativePath
{
    /// <summary>A path below a folder relative to it, with forward slashes; any other path as it is.</summary>
    public static string Of(string path, string folder)
    {
        var relative = Path.GetRelativePath(folder, path);
        return Path.IsPathRooted(relative) || relative.Split(Path.DirectorySeparatorChar)[0] == ".." ? path : relative.Replace(Path.DirectorySeparatorChar, '/');
    }
}
