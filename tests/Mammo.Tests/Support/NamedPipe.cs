using System.Diagnostics;

namespace Mammo.Tests.Support;

/// <summary>A named pipe in a folder, whose opening waits for somebody at its other end.</summary>
internal static class NamedPipe
{
    /// <summary>Makes one, or skips the test where there is none.</summary>
    public static string Make(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Named pipes in folders are a Unix thing.");
        using var maker = Process.Start("mkfifo", [path]);
        maker.WaitForExit();
        Assert.Equal(0, maker.ExitCode);
        return path;
    }
}
