namespace Mammo.Data.Files;

/// <summary>Paths as lists write them, which may come from another system.</summary>
internal static class ListPath
{
    /// <summary>
    /// The full path of a list's entry, that of an address too (<c>file:///films/a.png</c>). Where a backslash is no separator it is taken for one, as
    /// PowerShell does, unless there is a file of just that name.
    /// </summary>
    /// <param name="path">As it is written, without a null character.</param>
    /// <param name="folder">Full path of the folder where relative paths start.</param>
    public static string Full(string path, string folder)
    {
        if (path.StartsWith("file:", StringComparison.OrdinalIgnoreCase) && Uri.TryCreate(path, UriKind.Absolute, out var address) && address.IsFile)
            path = address.LocalPath;
        var full = Path.GetFullPath(path, folder);
        return Path.DirectorySeparatorChar == '\\' || !path.Contains('\\') || File.Exists(full) ? full : Path.GetFullPath(path.Replace('\\', '/'), folder);
    }
}
