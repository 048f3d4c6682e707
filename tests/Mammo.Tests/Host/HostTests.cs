using Mammo.PowerShell.Common;

namespace Mammo.Tests.Host;

/// <summary>What Mammo adds to PowerShell's own program, and that it is PowerShell's own program.</summary>
public sealed class HostTests
{
    [Theory]
    [InlineData(3, "-NoProfile", "-Command", "exit 3")]
    [InlineData(1, "-NoProfile", "-Command", "throw 'boom'")]
    [InlineData(64, "no-such-script.ps1")]
    public void Exit_codes_are_those_of_PowerShell(int code, params string[] arguments) => Assert.Equal(code, HostProcess.Run(arguments).ExitCode);

    [Theory]
    [InlineData]
    [InlineData("-NoProfile", "-File")]
    public void A_script_takes_arguments_and_gives_its_exit_code(params string[] before)
    {
        var folder = Shared.NewFolder();
        var script = Path.Combine(folder, "it's [one].ps1");
        File.WriteAllText(script, "param([string] $Model, [switch] $Augment, [int] $Batch) \"$Model|$Augment|$Batch\"; exit 7");
        var run = HostProcess.Run([.. before, script, "-Model", "a b.h5", "-Augment", "-Batch", "3"]);
        Assert.Equal(("a b.h5|True|3", "", 7), (run.Output.Trim(), run.Error, run.ExitCode));
    }

    [Fact]
    public void All_cmdlets_are_there_with_Mammos_and_their_output_is_plain_in_a_file()
    {
        var folder = Shared.NewFolder();
        var run = HostProcess.RunCommand(
            $"""
            Get-MammoArchitecture vgg* | Export-Csv '{folder}/a.csv'
            Import-Csv (Get-ChildItem '{folder}/*.csv') | Sort-Object Parameters | Select-Object -First 1 | Format-Table Architecture, Recipe
            """,
            ("XDG_CACHE_HOME", folder));
        Assert.Matches(@"^\s*Architecture Recipe\s+-+ -+\s+vgg16\s*$", run.Output);
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        Assert.Empty(Directory.GetFiles(folder, "telemetry*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Without_the_module_it_says_to_build()
    {
        // What the program needs until it has looked for the module, with a runtime that looks beside it for want of a list.
        var folder = Shared.NewFolder();
        string[] needed = ["Mammo.Host.dll", "Mammo.Host.runtimeconfig.json", "Microsoft.PowerShell.ConsoleHost.dll", "System.Management.Automation.dll"];
        foreach (var name in needed)
            File.Copy(Directory.GetFiles(HostProcess.Folder, name, SearchOption.AllDirectories)[0], Path.Combine(folder, name));
        var run = ChildProcess.Run("dotnet", [Path.Combine(folder, "Mammo.Host.dll"), "-Command", "1"]);
        Assert.Equal(("", 1), (run.Output, run.ExitCode));
        Assert.StartsWith("Mammo is not built: no folder above", run.Error, StringComparison.Ordinal);
        Assert.Contains("dotnet build", run.Error, StringComparison.Ordinal);
    }
}
