using System.Management.Automation;
using Mammo.PowerShell.Common;
using Mammo.Torch.Runtimes;

namespace Mammo.PowerShell.Runtime;

/// <summary>Lists what runs networks on this machine: processor, engines, GPUs, their versions, and the one line that brings what is missing.</summary>
[Cmdlet(VerbsCommon.Get, "MammoRuntime")]
[OutputType(typeof(RuntimeComponent))]
public sealed class GetMammoRuntimeCommand : MammoCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        WriteObject(Require(() => RuntimeComponent.All().ToArray()), enumerateCollection: true);
        base.EndProcessing();
    }
}
