namespace Mammo.Data.Files;

/// <summary>Files that lie in a folder for as long as what is written there is not complete, and stay where the run is stopped or killed.</summary>
internal static class UnfinishedMark
{
    /// <summary>Of a patch set; it lists the patches.</summary>
    public const string Patches = "patches.unfinished.txt";

    /// <summary>Of a conversion of images.</summary>
    public const string Conversion = "conversion.unfinished.txt";

    /// <summary>Refuses a folder that is the part of a patch set, or lies in the part of a conversion.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FolderUnfinished"/>.</exception>
    public static void Refuse(DirectoryInfo folder)
    {
        if (File.Exists(Path.Combine(folder.FullName, Patches)))
            throw Error(folder, folder, Patches, "Make the set again (New-MammoPatchSet -Force)");
        for (var above = folder; above is not null; above = above.Parent)
        {
            if (File.Exists(Path.Combine(above.FullName, Conversion)))
                throw Error(folder, above, Conversion, "Convert the images again (Convert-MammoImage goes on where it ended)");
        }
    }

    private static MammoException Error(DirectoryInfo folder, DirectoryInfo marked, string mark, string fix) => new(
        ErrorIds.FolderUnfinished,
        $"The images in '{folder.FullName}' are a part of what was to be written: the run was stopped or killed, or is not done yet.",
        $"{fix}, or remove '{Path.Combine(marked.FullName, mark)}' to use the part as it is.",
        folder.FullName);
}
