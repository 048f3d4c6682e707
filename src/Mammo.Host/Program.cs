using System.Management.Automation.Runspaces;
using System.Runtime;
using Microsoft.PowerShell;

// PowerShell itself with Mammo imported, for machines where it is not installed: the command line is that of pwsh.
// MAMMO_MODULE names the folder of another Mammo than the one that this was built with: an installed package.
var root = new DirectoryInfo(Environment.GetEnvironmentVariable("MAMMO_MODULE") is { Length: > 0 } named ? named : AppContext.BaseDirectory);
while (root is not null && !File.Exists(Path.Combine(root.FullName, "Mammo.psd1")))
    root = root.Parent;
// Asked here because PowerShell starts without a word of a module that it could not import.
if (root is null || !File.Exists(Path.Combine(root.FullName, "module", "bin", "Mammo.PowerShell.dll")))
{
    var missing = root is null ? $"no folder above '{AppContext.BaseDirectory}' has its manifest" : $"'{root.FullName}' lacks module/bin";
    Console.Error.WriteLine($"Mammo is not built: {missing}. Run 'dotnet build' in the repository, and start Mammo.Host from there.");
    return 1;
}

Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
// PowerShell keeps how it started, for its next start, in the user's home; the first to name the folder decides.
ProfileOptimization.SetProfileRoot(AppContext.BaseDirectory);

// PowerShell writes its colours into files too.
if (Console.IsOutputRedirected)
    Environment.SetEnvironmentVariable("NO_COLOR", "1");

var state = InitialSessionState.CreateDefault();
state.ImportPSModule(Path.Combine(root.FullName, "Mammo.psd1"));
// The policy exists on Windows only, where its default refuses every script.
if (OperatingSystem.IsWindows())
    state.ExecutionPolicy = ExecutionPolicy.RemoteSigned;

var stopped = false;
Console.CancelKeyPress += (_, _) => stopped = true;
var code = ConsoleShell.Start(state, "Mammo in PowerShell. For research only.", "", args);
// PowerShell ends with 0 after Ctrl+C, and a scheduler would take a stopped script for a finished one.
return stopped && args.Length > 0 ? 130 : code;
