namespace Mammo.Help;

/// <summary>Where this repository is, and what of it help is made of.</summary>
internal static class Repository
{
    public static string Folder { get; } = Find();

    /// <summary>The file that Get-Help reads.</summary>
    public static string HelpFile => Path.Combine(Folder, "en-US", "Mammo.PowerShell.dll-Help.xml");

    /// <summary>A text with line feeds, whatever the checkout made of them.</summary>
    public static string ReadText(string path) => File.ReadAllText(path).Replace("\r\n", "\n", StringComparison.Ordinal);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Mammo.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("Help is written by a build inside the repository.");
    }
}
