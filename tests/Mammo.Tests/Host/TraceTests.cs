namespace Mammo.Tests.Host;

/// <summary>Mammo leaves nothing behind but what was asked for.</summary>
public sealed class TraceTests
{
    [Fact]
    public void Scores_leave_no_file_in_an_empty_home()
    {
        var home = Shared.NewFolder();
        var image = Path.Combine(Shared.Repository, "examples", "data", "Calc-Test_P_00041_LEFT_CC.png");

        // ONNX Runtime keeps still by itself where CI is set.
        var run = HostProcess.RunCommand(
            $"Invoke-MammoPredict mini-mias -LiteralPath '{image}' -Engine Onnx | ForEach-Object Score",
            ("HOME", home), ("USERPROFILE", home), ("LOCALAPPDATA", Path.Combine(home, "local")), ("XDG_CACHE_HOME", null), ("XDG_DATA_HOME", null), ("CI", null),
            ("ORT_DISABLE_TELEMETRY", null), ("TF_BUILD", null), ("GITHUB_ACTIONS", null));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("0.", run.Lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(home, "*", SearchOption.AllDirectories), file => !IsOfPowerShell(file));
    }

    // On Windows PowerShell lists the commands of installed modules in its own cache folder.
    private static bool IsOfPowerShell(string file) => OperatingSystem.IsWindows() && file.Contains(@"\PowerShell\", StringComparison.OrdinalIgnoreCase);
}
