using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Mammo.PowerShell.Common;

/// <summary>Completes device names without asking torch, which would load it.</summary>
public sealed class DeviceCompleter : IArgumentCompleter
{
    private static readonly string[] Devices = ["auto", "cpu", "cuda", "cuda:0", "cuda:1"];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Devices.Where(device => device.StartsWith(wordToComplete?.Trim('\'', '"') ?? "", StringComparison.OrdinalIgnoreCase)).Select(device => new CompletionResult(device));
}
