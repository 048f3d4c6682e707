namespace Mammo.Tests.Help;

/// <summary>PowerShell itself, where it is installed; the engine that the tests bring lacks its other modules.</summary>
internal static class RealPowerShell
{
    /// <summary>The program that MAMMO_PWSH names, or else pwsh of the search path; skips the test where there is none.</summary>
    public static string Find()
    {
        var name = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        var path = Environment.GetEnvironmentVariable("MAMMO_PWSH")
            ?? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, "PowerShell is not installed here (MAMMO_PWSH may name it), and its engine alone lacks commands that are used.");
        return path;
    }

    /// <summary>Runs a script with Mammo imported, in a folder; any error ends it.</summary>
    public static ChildProcess Run(string script, string folder)
    {
        var file = Path.Combine(folder, "example.ps1");
        File.WriteAllText(file, $"""
            $ErrorActionPreference = 'Stop'
            Import-Module '{Shared.Repository}/Mammo.psd1'
            Set-Location -LiteralPath '{folder}'
            {script}
            """);
        return ChildProcess.Run(Find(), ["-NoProfile", "-NonInteractive", "-File", file], ("NO_COLOR", "1"));
    }
}
