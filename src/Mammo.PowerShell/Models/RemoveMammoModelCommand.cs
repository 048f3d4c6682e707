using System.Management.Automation;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Models;

/// <summary>Frees the memory of models at once; a forgotten one is freed when it is no longer reachable.</summary>
[Cmdlet(VerbsCommon.Remove, "MammoModel", SupportsShouldProcess = true)]
public sealed class RemoveMammoModelCommand : MammoCmdlet
{
    /// <summary>The models.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [NotNull]
    public MammoModel[] Model { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var model in Model)
        {
            if (ShouldProcess(model.Name, "Free the memory of the model"))
                model.Dispose();
        }
    }
}
