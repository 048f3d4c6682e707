using System.Management.Automation;
using Mammo.PowerShell.Common;
using Mammo.Torch;
using Mammo.Torch.Runtimes;

namespace Mammo.PowerShell.Runtime;

/// <summary>Removes what <c>Install-MammoRuntime</c> installed, and downloads that were not finished; a PyTorch that was only named stays as it is.</summary>
[Cmdlet(VerbsLifecycle.Uninstall, "MammoRuntime", SupportsShouldProcess = true)]
public sealed class UninstallMammoRuntimeCommand : MammoCmdlet
{
    /// <summary>Names of runtimes, as Get-MammoRuntime lists them; wildcards allowed.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RuntimeCompleter))]
    [NotEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Whose runtimes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public RuntimeScope Scope { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var patterns = Name.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase)).ToArray();
        var found = InstalledRuntime.All().Where(runtime => runtime.Scope == Scope && patterns.Any(pattern => pattern.IsMatch(runtime.Name))).ToArray();
        var installer = new RuntimeInstaller(Scope);
        var unfinished = installer.Unfinished().Where(file => patterns.Any(pattern => pattern.IsMatch(Path.GetFileName(file)))).ToArray();
        if (found.Length == 0 && unfinished.Length == 0)
            WriteError(ErrorRecords.Of(new MammoException(
                ErrorIds.FileNotFound, $"No runtime named '{string.Join(", ", Name)}' is installed in '{InstalledRuntime.RootOf(Scope)}'.",
                "Get-MammoRuntime lists those that are installed.", Name[0])));
        foreach (var runtime in found)
        {
            if (ShouldProcess(runtime.Folder, "Remove the runtime"))
                Attempt(() => installer.Uninstall(runtime), runtime.Name);
        }

        foreach (var file in unfinished)
        {
            if (ShouldProcess(file, "Remove the download that was not finished"))
                Attempt(() => installer.Discard(file), file);
        }
    }
}
