using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Tests.Data.Patches;

namespace Mammo.Tests.PowerShell;

/// <summary>Films of 200 rows and 140 columns, drawn by the tests, for the cmdlets that work on images and their regions.</summary>
internal static class Films
{
    /// <summary>Writes a film and its folders.</summary>
    public static void Write(string folder, string name, int seed) =>
        PngWriter.Write(Path.Combine(folder, name), AutoLevel.Apply(DefaultSamplerTests.Breast((uint)seed)));

    /// <summary>Every file below a folder, relative to it; nothing if there is no such folder.</summary>
    public static string[] Below(string folder) => !Directory.Exists(folder) ? [] :
    [
        .. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];
}
