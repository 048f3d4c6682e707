using System.Collections;
using System.Management.Automation;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Models;

/// <summary>Completes names of layers of the model that is given in the same command.</summary>
public sealed class LayerCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(IDictionary boundParameters)
    {
        var given = boundParameters["InputObject"] ?? boundParameters["Model"];
        return (given is PSObject wrapped ? wrapped.BaseObject : given) is MammoModel model ? model.Graph.Layers.Select(layer => layer.Name) : [];
    }
}
