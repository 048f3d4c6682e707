using Mammo.Help;
using Mammo.PowerShell.Common;
using Mammo.Tests.Host;

namespace Mammo.Tests.Help;

/// <summary>Help as a session finds it, through the manifest and in a culture that has no help of its own.</summary>
public sealed class GetHelpTests
{
    [Fact]
    public void It_is_found_beside_the_manifest()
    {
        var run = HostProcess.RunCommand(
            """
            $help = Get-Help Invoke-MammoPredict -Full
            $help.Synopsis
            ($help.parameters.parameter | Where-Object name -EQ Precision).defaultValue
            @($help.examples.example).Count -ge 2
            (Get-Help about_Mammo_Training).Contains('Keras208')
            """,
            ("LANG", "de_DE.UTF-8"));
        Assert.Equal("", run.Error);
        Assert.Equal(
            [CmdletHelp.All.Single(cmdlet => cmdlet.Name == "Invoke-MammoPredict").Synopsis, "Float32", "True", "True"],
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }
}
