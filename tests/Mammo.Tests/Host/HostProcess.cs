namespace Mammo.Tests.Host;

/// <summary>The host as it was built with these tests, run as a process of its own and without the profile of whoever runs the tests.</summary>
internal static class HostProcess
{
    // The tests run in bin/CONFIGURATION/net10.0, and so does the host.
    public static readonly string Folder = Path.Combine(
        Shared.Repository, "src", "Mammo.Host", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0");

    public static readonly string Assembly = Path.Combine(Folder, "Mammo.Host.dll");

    public static ChildProcess RunCommand(string command, params (string Name, string? Value)[] environment) =>
        Run(["-NoProfile", "-Command", command], environment);

    public static ChildProcess Run(string[] arguments, params (string Name, string? Value)[] environment) =>
        ChildProcess.Run("dotnet", [Assembly, .. arguments], environment);
}
