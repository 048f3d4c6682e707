namespace Mammo.Host;

/// <summary>Finds the module's manifest.</summary>
internal static class ModuleFinder
{
    private const string Manifest = "Mammo.psd1";

    /// <summary>Full path of the manifest: above the program's own folder, so that a build uses its own module, or else above the working directory; null when it is in neither.</summary>
    public static string? Find() => Above(AppContext.BaseDirectory) ?? Above(Directory.GetCurrentDirectory());

    private static string? Above(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, Manifest);
            if (File.Exists(path))
                return path;
        }

        return null;
    }
}
