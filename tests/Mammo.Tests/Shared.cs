using System.Runtime.CompilerServices;

namespace Mammo.Tests;

/// <summary>Where test files are: small ones in tests/data of this repository, large ones in a folder beside it that a clone alone lacks.</summary>
internal static class Shared
{
    public static string Repository { get; } = FindRepository();

    /// <summary>A file or folder in tests/data.</summary>
    public static string Data(params string[] parts) => Path.Combine([Repository, "tests", "data", .. parts]);

    /// <summary>A file or folder in the shared folder beside the repository (MAMMO_SHARED names another); skips the test when it is missing.</summary>
    public static string File(params string[] parts)
    {
        var root = Environment.GetEnvironmentVariable("MAMMO_SHARED") ?? Path.Combine(Repository, "..", "shared");
        var path = Path.GetFullPath(Path.Combine([root, .. parts]));
        Assert.SkipUnless(Path.Exists(path), $"The large test file shared/{string.Join('/', parts)} is not beside the repository.");
        return path;
    }

    /// <summary>A new empty folder that the test may fill.</summary>
    public static string NewFolder([CallerMemberName] string name = "") => Directory.CreateTempSubdirectory("mammo-" + name + "-").FullName;

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Exists(Path.Combine(folder.FullName, "Mammo.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests run from a build inside the repository.");
    }
}
