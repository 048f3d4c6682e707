using System.Collections;
using Mammo.Networks.Architectures;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Models;

/// <summary>Completes names of architectures.</summary>
public sealed class ArchitectureCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(IDictionary boundParameters) => ArchitectureCatalog.All.Select(architecture => architecture.Name);
}
