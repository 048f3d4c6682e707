using Mammo.Tests.Support;

[assembly: AssemblyFixture(typeof(TestRun))]

namespace Mammo.Tests.Support;

/// <summary>One run of the tests, with a folder that goes with it.</summary>
public sealed class TestRun : IDisposable
{
    private static DirectoryInfo? folder;

    public TestRun() => folder = Directory.CreateTempSubdirectory("mammo-tests-");

    /// <summary>Where files that several tests share may be put while tests run.</summary>
    public static string Folder => folder?.FullName ?? throw new InvalidOperationException("Files are made while tests run, not while they are listed.");

    public void Dispose() => folder!.Delete(recursive: true);
}
