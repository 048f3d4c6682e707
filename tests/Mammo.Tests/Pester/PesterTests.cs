using System.Text.Json;
using Mammo.Tests.Host;
using Mammo.Tests.Module;
using Mammo.Tests.PowerShell;

namespace Mammo.Tests.Pester;

/// <summary>
/// The suites of tests/Pester, run by Pester in PowerShell itself on the module as its package installs it: one process for all of them, and one result here
/// for each of their tests.
/// </summary>
public sealed class PesterTests
{
    /// <summary>The tests as they ended. There is no list of them before: Pester names its tests while it runs.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> Results()
    {
        var results = Path.Combine(TestRun.SharedFolder("pester"), "results.jsonl");
        var pester = Path.Combine(AppContext.BaseDirectory, "Pester", "Pester.psd1");
        var suites = Path.Combine(Shared.Repository, "tests", "Pester", "Run.ps1");
        var run = HostProcess.Run(
            ["-NoProfile", "-File", suites, "-PesterModule", pester, "-ResultPath", results],
            ("MAMMO_MODULE", ModulePackage.Folder), ("MAMMO_LIBTORCH", ModulePackage.Libtorch),
            ("PSModulePath", Path.Combine(ModulePackage.Folder, "..", "..")));
        if (!File.Exists(results))
            throw new InvalidOperationException($"The suites did not run to their end (exit code {run.ExitCode}).\n{run.Error}\n{run.Output}");
        return File.ReadLines(results).Select(line => Row(JsonDocument.Parse(line).RootElement));
    }

    [Fact]
    public void Every_cmdlet_has_a_suite() => Assert.All(
        Session.Cmdlets(),
        cmdlet => Assert.True(File.Exists(Path.Combine(Shared.Repository, "tests", "Pester", cmdlet.Name + ".Tests.ps1")), cmdlet.Name));

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Results))]
    public void It(string result, string error)
    {
        Assert.SkipWhen(result is "Skipped" or "NotRun" or "Inconclusive", error);
        Assert.True(result == "Passed", error);
    }

    private static TheoryDataRow<string, string> Row(JsonElement test)
    {
        string Text(string name) => test.GetProperty(name).GetString() ?? "";
        return new(Text("Result"), Text("Error")) { TestDisplayName = $"{Text("File")}: {Text("Name")}", Label = "" };
    }
}
