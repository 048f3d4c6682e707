using System.Collections;
using System.Management.Automation.Language;
using Mammo.Networks.Architectures;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Models;

/// <summary>Completes names of architectures.</summary>
public sealed class ArchitectureCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(IDictionary boundParameters, CommandAst command) => ArchitectureCatalog.All.Select(architecture => architecture.Name);
}
