using System.Diagnostics;
using System.Globalization;
using Mammo.Tests.Support;

namespace Mammo.Tests.Host;

public sealed class InterruptTests
{
    private const string Script = """
        try { [Console]::WriteLine('started'); Start-Sleep 100 } finally { [Console]::WriteLine('tidied') }
        'after'
        """;

    [Fact]
    public void Interrupting_stops_the_pipeline_and_lets_it_tidy_up()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A signal is sent with 'kill'.");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [HostProcess.Assembly, "-NoProfile", "-Command", Script])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        try
        {
            Assert.Equal("started", process.StandardOutput.ReadLine());
            Assert.SkipWhen(IgnoresInterrupts(process.Id), "These tests were started with interrupts ignored, and children inherit that.");
            using (var kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)])!)
                kill.WaitForExit();

            Assert.True(process.WaitForExit(TestRun.Patience));
            Assert.Equal("tidied", process.StandardOutput.ReadToEnd().Trim());
            Assert.Equal(130, process.ExitCode);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    // Bit n - 1 of the mask stands for signal n; interrupt is 2.
    private static bool IgnoresInterrupts(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        return (ulong.Parse(line.AsSpan("SigIgn:".Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 2) != 0;
    }
}
