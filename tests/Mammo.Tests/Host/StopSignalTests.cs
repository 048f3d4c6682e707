using System.Diagnostics;
using System.Globalization;
using Mammo.Tests.Archive;

namespace Mammo.Tests.Host;

/// <summary>How PowerShell ends when a scheduler asks it to while a shard is scored.</summary>
public sealed class StopSignalTests
{
    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("USR1", 143)]
    [InlineData("USR1", 85)]
    public void A_signal_ends_after_the_running_image_with_everything_committed(string signal, int code)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A signal is sent with 'kill'.");
        var archive = new ArchiveFolder(400);
        var script = $"Invoke-MammoWorklist '{archive.Worklist}' mini-mias -Out '{archive.Shards}' -RescaleFactor 1 -StopExitCode {code} -CommitSeconds 3600 "
            + "-LogSeconds 0.01 "
            + "-WarningAction Ignore | ForEach-Object { \"scored $($_.Scored) left $($_.Left) stopped $($_.IsStopped)\" }";
        using var process = Process.Start(new ProcessStartInfo("dotnet", [HostProcess.Assembly, "-NoProfile", "-Command", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        try
        {
            // The third line is of the first image.
            var lines = Enumerable.Range(0, 3).Select(_ => process.StandardOutput.ReadLine()).ToArray();
            Assert.All(lines, line => Assert.Contains("shard 0/1", line, StringComparison.Ordinal));

            // Schedulers repeat it.
            for (var time = 0; time < 3 && !process.HasExited; time++)
                Kill(signal, process.Id);
            Assert.True(process.WaitForExit(TestRun.Patience));
            var last = process.StandardOutput.ReadToEnd().Trim().Split('\n')[^1].Split(' ');
            Assert.Equal(code, process.ExitCode);
            Assert.Equal(["scored", "left", "stopped", "True"], [last[0], last[2], last[4], last[5].Trim()]);
            var scored = int.Parse(last[1], CultureInfo.InvariantCulture);
            Assert.InRange(scored, 1, 399);
            Assert.Equal(scored, File.ReadLines(Assert.Single(archive.ResultFiles)).Count() - 1);
            Assert.Empty(Directory.GetFiles(archive.Shards, "*.lease.*"));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public void A_script_that_was_asked_to_end_scores_nothing_in_its_next_call()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A signal is sent with 'kill'.");
        var archive = new ArchiveFolder(400);
        var script = $"0, 1 | ForEach-Object {{ Invoke-MammoWorklist '{archive.Worklist}' mini-mias -Out '{archive.Shards}' -Shard \"$_/2\" "
            + "-RescaleFactor 1 -LogSeconds 0.01 -WarningAction Ignore } | ForEach-Object { \"scored $($_.Scored) stopped $($_.IsStopped)\" }";
        using var process = Process.Start(new ProcessStartInfo("dotnet", [HostProcess.Assembly, "-NoProfile", "-Command", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        try
        {
            // The third line is of the first image.
            for (var line = 0; line < 3; line++)
                Assert.Contains("shard 0/2", process.StandardOutput.ReadLine(), StringComparison.Ordinal);
            Kill("TERM", process.Id);
            Assert.True(process.WaitForExit(TestRun.Patience));
            Assert.EndsWith("scored 0 stopped True", process.StandardOutput.ReadToEnd().Trim(), StringComparison.Ordinal);
            Assert.Equal(143, process.ExitCode);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static void Kill(string signal, int process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)])!;
        kill.WaitForExit();
    }
}
