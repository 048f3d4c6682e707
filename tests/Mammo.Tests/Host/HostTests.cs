namespace Mammo.Tests.Host;

public sealed class HostTests
{
    private const string Parameters = "param([Parameter(Mandatory)] [string] $Model, [switch] $Augment, [int] $Batch = 1) \"$Model|$Augment|$Batch\"";

    [Theory]
    [InlineData(new[] { "-Model", "x.h5", "-Augment", "-Batch", "3" }, "x.h5|True|3")]
    [InlineData(new[] { "-Model:a b.h5", "-Augment:$false" }, "a b.h5|False|1")]
    [InlineData(new[] { "$(1+1) 'q'", "7" }, "$(1+1) 'q'|False|7")]
    public void A_script_takes_arguments_by_name_and_by_position(string[] arguments, string expected)
    {
        var run = HostProcess.RunScript(Parameters, arguments);
        Assert.Equal(expected, run.Output.Trim());
        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public void A_missing_mandatory_parameter_is_an_error_and_not_a_question()
    {
        var run = HostProcess.RunScript(Parameters);
        Assert.Contains("missing mandatory parameters: Model", run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
        Assert.Equal(1, run.ExitCode);
    }

    [Theory]
    [InlineData("'before'; exit 7; 'after'", 7, "before")]
    [InlineData("'before'; throw 'boom'", 1, "before")]
    [InlineData("$ErrorActionPreference = 'Stop'; Get-Nothing; 'after'", 1, "")]
    [InlineData("Get-Nothing; 'after'", 0, "after")]
    [InlineData("if (", 1, "")]
    public void A_script_ends_with_the_exit_code_that_PowerShell_gives(string script, int code, string output)
    {
        var run = HostProcess.RunScript(script);
        Assert.Equal(code, run.ExitCode);
        Assert.Equal(output, run.Output.Trim());
    }

    [Theory]
    [InlineData("exit 4", 4)]
    [InlineData("Get-Nothing; 1", 0)]
    [InlineData("1; Get-Nothing", 1)]
    [InlineData("throw 'boom'", 1)]
    [InlineData("$x = 1; # a comment at the end", 0)]
    public void A_command_fails_when_its_last_statement_does(string command, int code) =>
        Assert.Equal(code, HostProcess.Run(["-Command", command]).ExitCode);

    [Fact]
    public void Errors_go_to_standard_error_and_the_other_streams_to_standard_output()
    {
        var run = HostProcess.RunScript("""
            function Show-All {
                [CmdletBinding()] param()
                $PSCmdlet.WriteWarning('careful'); $PSCmdlet.WriteVerbose('decided'); $PSCmdlet.WriteDebug('detail')
                $PSCmdlet.WriteProgress([System.Management.Automation.ProgressRecord]::new(1, 'Working', '1 of 2'))
                $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([Exception]::new('went wrong'), 'Id', 'NotSpecified', $null))
                [pscustomobject] @{ Name = 'a'; Score = 0.5 }
            }
            Show-All -Verbose -Debug
            """);
        Assert.Contains("went wrong", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Working", run.Error + run.Output, StringComparison.Ordinal);
        foreach (var shown in new[] { "WARNING: careful", "VERBOSE: decided", "DEBUG: detail", "Name Score" })
            Assert.Contains(shown, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", run.Error + run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_person_confirmation_is_refused_with_the_cure()
    {
        var run = HostProcess.RunScript("""
            function Remove-Thing { [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')] param() if ($PSCmdlet.ShouldProcess('thing')) { 'removed' } }
            Remove-Thing
            Remove-Thing -Confirm:$false
            """);
        Assert.Contains("-Confirm:$false", run.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal("removed", run.Output.Trim());
    }

    [Theory]
    [InlineData("no-such-script.ps1")]
    [InlineData("-NoSuchOption")]
    [InlineData("-Command")]
    public void A_wrong_command_line_is_explained(string argument)
    {
        var run = HostProcess.Run([argument]);
        Assert.Equal(64, run.ExitCode);
        Assert.Contains("Usage:", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_says_what_the_engine_alone_lacks()
    {
        var run = HostProcess.Run(["-Help"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Get-ChildItem", run.Output, StringComparison.Ordinal);
        Assert.Contains("Export-Csv", run.Output, StringComparison.Ordinal);
    }
}
