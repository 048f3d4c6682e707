using System.Runtime.CompilerServices;
using Mammo.PowerShell.Common;

namespace Mammo.Tests;

/// <summary>Where test files are: in tests/data of this repository, but for those whose licence keeps them out of it.</summary>
internal static class Shared
{
    public static string Repository { get; } = FindRepository();

    /// <summary>A file or folder in tests/data, plain or packed.</summary>
    public static string Data(params string[] parts)
    {
        var root = Path.Combine(Repository, "tests", "data");
        var plain = Path.Combine([root, .. parts]);
        return Path.Exists(plain) ? plain : PackedData.Find(root, parts) ?? plain;
    }

    /// <summary>
    /// A file or folder whose licence does not allow a copy in the repository, in the folder shared beside it (MAMMO_SHARED names another);
    /// skips the test when it is missing.
    /// </summary>
    public static string File(params string[] parts)
    {
        var root = Environment.GetEnvironmentVariable("MAMMO_SHARED") ?? Path.Combine(Repository, "..", "shared");
        var path = Path.GetFullPath(Path.Combine([root, .. parts]));
        Assert.SkipUnless(Path.Exists(path), $"The licence of shared/{string.Join('/', parts)} keeps it out of the repository, and it is not beside it.");
        return path;
    }

    /// <summary>A new empty folder that the test may fill; it is removed when the test has ended.</summary>
    public static string NewFolder([CallerMemberName] string name = "") => TemporaryFolderAttribute.New(name);

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
