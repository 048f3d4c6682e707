using System.Management.Automation;

namespace Mammo.Loader;

/// <summary>Called by PowerShell when the module is imported, before it loads the cmdlets.</summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    /// <inheritdoc/>
    public void OnImport() => ModuleContext.Enable();
}
