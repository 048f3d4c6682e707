using System.Collections.Concurrent;
using System.Reflection;
using Mammo.PowerShell.Common;
using Xunit.v3;

[assembly: TemporaryFolder]

namespace Mammo.Tests.Support;

/// <summary>Folders of the tests, each removed when its test has ended, before the test's class is disposed of.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class TemporaryFolderAttribute : BeforeAfterTestAttribute
{
    private static readonly ConcurrentDictionary<string, ConcurrentBag<string>> Folders = new();

    /// <summary>A new empty folder for the running test; for data that are made before their tests run, it stays until the run ends.</summary>
    public static string New(string name)
    {
        if (TestContext.Current.Test is not { } test)
            return TestRun.SharedFolder(name + "-" + Path.GetRandomFileName());
        var folder = Directory.CreateTempSubdirectory(name + "-").FullName;
        Folders.GetOrAdd(test.UniqueID, _ => []).Add(folder);
        return folder;
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (!Folders.TryRemove(test.UniqueID, out var folders))
            return;
        foreach (var folder in folders.Where(Directory.Exists))
            Directory.Delete(folder, recursive: true);
    }
}
