using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;
using System.Text.Json;
using Mammo.Tests.PowerShell;

namespace Mammo.Tests.Module;

public sealed class ManifestTests
{
    private static readonly Hashtable Manifest = Read();

    [Fact]
    public void Exported_cmdlets_are_those_of_the_assembly() =>
        Assert.Equal(Session.Cmdlets().Select(cmdlet => cmdlet.Name).Order(StringComparer.Ordinal), Texts("CmdletsToExport"));

    [Theory]
    [InlineData("CmdletsToExport")]
    [InlineData("FunctionsToExport")]
    [InlineData("AliasesToExport")]
    [InlineData("VariablesToExport")]
    public void Exports_are_explicit(string key) => Assert.All(Texts(key), name => Assert.DoesNotContain('*', name));

    [Theory]
    [InlineData("NestedModules")]
    [InlineData("RootModule")]
    [InlineData("FormatsToProcess")]
    [InlineData("TypesToProcess")]
    public void Named_files_exist(string key) => Assert.All(Texts(key), file => Assert.True(File.Exists(Path.Combine(Shared.Repository, file)), file));

    [Fact]
    public void Version_is_that_of_the_assembly() =>
        Assert.Equal(typeof(Mammo.PowerShell.Common.MammoCmdlet).Assembly.GetName().Version!.ToString(3), Assert.Single(Texts("ModuleVersion")));

    [Fact]
    public void One_PowerShell_is_used_for_the_tests_the_host_and_interactive_work()
    {
        using var tools = JsonDocument.Parse(File.ReadAllText(Path.Combine(Shared.Repository, ".config", "dotnet-tools.json")));
        var tool = tools.RootElement.GetProperty("tools").GetProperty("powershell").GetProperty("version").GetString();
        var engine = typeof(PSObject).Assembly.GetName().Version!;
        Assert.Equal(engine.ToString(2), Assert.Single(Texts("PowerShellVersion")));
        var version = typeof(PSObject).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!;
        Assert.StartsWith(tool + " ", version.InformationalVersion, StringComparison.Ordinal);
    }

    private static string[] Texts(string key) => Manifest[key] is string text ? [text] : [.. ((IEnumerable)Manifest[key]!).Cast<string>()];

    private static Hashtable Read()
    {
        var syntax = Parser.ParseFile(Path.Combine(Shared.Repository, "Mammo.psd1"), out _, out var errors);
        Assert.Empty(errors);
        return (Hashtable)syntax.Find(node => node is HashtableAst, searchNestedScriptBlocks: false).SafeGetValue();
    }
}
