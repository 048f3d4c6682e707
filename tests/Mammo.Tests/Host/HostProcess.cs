namespace Mammo.Tests.Host;

/// <summary>The host as it was built with these tests, run as a process of its own.</summary>
internal static class HostProcess
{
    // The tests run in bin/CONFIGURATION/net10.0, and so does the host.
    public static readonly string Assembly = Path.Combine(
        Shared.Repository, "src", "Mammo.Host", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "Mammo.Host.dll");

    public static ChildProcess Run(string[] arguments, params (string Name, string Value)[] environment) =>
        ChildProcess.Run("dotnet", [Assembly, .. arguments], environment);

    /// <summary>Writes a script into a new folder and runs it.</summary>
    public static ChildProcess RunScript(string text, params string[] arguments)
    {
        var path = Path.Combine(Shared.NewFolder(), "it's [one].ps1");
        File.WriteAllText(path, text);
        return Run([path, .. arguments]);
    }
}
