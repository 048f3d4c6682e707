using System.Collections;
using System.Management.Automation.Language;

namespace Mammo.PowerShell.Common;

/// <summary>Completes device names without asking torch, which would load it.</summary>
public sealed class DeviceCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(IDictionary boundParameters, CommandAst command) => ["auto", "cpu", "cuda", "cuda:0", "cuda:1"];
}
