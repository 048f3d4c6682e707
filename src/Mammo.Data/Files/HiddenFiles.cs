namespace Mammo.Data.Files;

/// <summary>What programs leave beside images, and nobody means: copies, thumbnails and metadata under the names of the images.</summary>
internal static class HiddenFiles
{
    // Of macOS archives, Synology's and Windows's disks; what begins with a dot (.ipynb_checkpoints, ._film.png, .thumbnails) needs no list.
    private static readonly string[] Folders = ["__MACOSX", "@eaDir", "$RECYCLE.BIN", "System Volume Information"];

    /// <summary>Whether a file or folder of this name is passed over wherever images or classes are looked for.</summary>
    public static bool IsHidden(ReadOnlySpan<char> name) => name is ['.', ..] || IsOfSystem(name);

    /// <summary>Whether any part of a path relative to the folder that a user named is hidden.</summary>
    public static bool IsBelowHidden(string relativePath)
    {
        foreach (var part in relativePath.AsSpan().Split(Path.DirectorySeparatorChar))
        {
            if (IsHidden(relativePath.AsSpan()[part]))
                return true;
        }

        return false;
    }

    private static bool IsOfSystem(ReadOnlySpan<char> name)
    {
        foreach (var folder in Folders)
        {
            if (name.Equals(folder, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
