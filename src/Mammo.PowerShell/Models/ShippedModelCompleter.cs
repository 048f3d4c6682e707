using System.Collections;
using System.Management.Automation.Language;
using Mammo.Networks.Files;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Models;

/// <summary>Completes the names of the models that come with Mammo.</summary>
public sealed class ShippedModelCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(IDictionary boundParameters, CommandAst command) => ShippedModels.Names;
}
