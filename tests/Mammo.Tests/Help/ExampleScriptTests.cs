using System.Management.Automation.Language;

namespace Mammo.Tests.Help;

/// <summary>The scripts in examples: they run in any PowerShell that Mammo supports, and name what is there. QuickStart.ps1 is run by .ci/run.</summary>
public sealed class ExampleScriptTests
{
    private static readonly string Folder = Path.Combine(Shared.Repository, "examples");

    public static TheoryData<string> Scripts => [.. Directory.GetFiles(Folder, "*.ps1").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void It_imports_Mammo_itself_and_names_what_is_there(string name)
    {
        var text = File.ReadAllText(Path.Combine(Folder, name));
        Assert.Empty(CodeCheck.Faults(text));
        var script = Parser.ParseInput(text, out _, out _);
        Assert.Equal(new Version(7, 6), script.ScriptRequirements?.RequiredPSVersion);
        Assert.Contains("if (-not (Get-Module Mammo)) { Import-Module \"$PSScriptRoot/../Mammo.psd1\" }", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Its_help_describes_every_parameter(string name)
    {
        var script = Parser.ParseFile(Path.Combine(Folder, name), out _, out _);
        var help = script.GetHelpContent();
        Assert.NotEmpty(help.Synopsis);
        Assert.NotEmpty(help.Examples);
        Assert.Equal(
            script.ParamBlock.Parameters.Select(parameter => parameter.Name.VariablePath.UserPath.ToUpperInvariant()).Order(StringComparer.Ordinal),
            help.Parameters.Keys.Order(StringComparer.Ordinal));
    }
}
