using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Models;

/// <summary>Completes names of layers of the model that is given in the same command, or piped into it from a variable.</summary>
public sealed class LayerCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(IDictionary boundParameters, CommandAst command)
    {
        var given = boundParameters["InputObject"] ?? boundParameters["Model"] ?? Piped(command);
        return (given is PSObject wrapped ? wrapped.BaseObject : given) is MammoModel model ? model.Graph.Layers.Select(layer => layer.Name) : [];
    }

    // PowerShell binds nothing from the pipeline while it completes.
    private static PSObject? Piped(CommandAst command)
    {
        if (command?.Parent is not PipelineAst { PipelineElements: [CommandExpressionAst { Expression: VariableExpressionAst variable }, ..] })
            return null;
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddScript("$ExecutionContext.SessionState.PSVariable.GetValue($args[0])").AddArgument(variable.VariablePath.UserPath).Invoke().FirstOrDefault();
    }
}
