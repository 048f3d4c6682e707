using System.Collections.Immutable;

[assembly: AssemblyFixture(typeof(TestRun))]

namespace Mammo.Tests.Support;

/// <summary>
/// One run of the tests, with a folder for all temporary files of this process and its children. It goes when the run ends; what was left in it
/// is then an error, whose message <c>--logger "console;verbosity=normal"</c> shows.
/// </summary>
public sealed class TestRun : IDisposable
{
    /// <summary>How long something may take before a test takes it for hanging: no measure of speed, so that a busy machine does not fail.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    /// <summary>What tells a program where temporary files go: the first on Unix, the others on Windows.</summary>
    public static readonly ImmutableArray<string> FolderVariables = ["TMPDIR", "TMP", "TEMP"];

    private const string Shared = "shared";
    private static DirectoryInfo? folder;

    public TestRun()
    {
        folder = Directory.CreateTempSubdirectory("mammo-tests-");
        foreach (var variable in FolderVariables)
            Environment.SetEnvironmentVariable(variable, folder.FullName);
    }

    /// <summary>A folder of this name for files that several tests share; it lives until the run ends.</summary>
    public static string SharedFolder(params string[] parts) => Directory.CreateDirectory(Path.Combine([Folder.FullName, Shared, .. parts])).FullName;

    public void Dispose()
    {
        var left = Folder.GetFileSystemInfos().Select(entry => entry.Name).Where(name => !IsExpected(name)).Order(StringComparer.Ordinal).ToArray();
        Remove();
        if (left.Length > 0)
            throw new InvalidOperationException($"Left in the folder for temporary files: {string.Join(", ", left)}.");
    }

    // PowerShell's engine makes and removes its socket when it likes, also while the folder is being emptied.
    private static void Remove()
    {
        for (var tries = 5; Directory.Exists(Folder.FullName); tries--)
        {
            try
            {
                Folder.Delete(recursive: true);
            }
            catch (IOException) when (tries > 0)
            {
                Thread.Sleep(100);
            }
        }
    }

    // PowerShell's engine keeps its socket for as long as the process lives.
    private static bool IsExpected(string name) => name == Shared || name.StartsWith("CoreFxPipe_PSHost", StringComparison.Ordinal);

    private static DirectoryInfo Folder => folder ?? throw new InvalidOperationException("Files are made while tests run, not while they are listed.");
}
