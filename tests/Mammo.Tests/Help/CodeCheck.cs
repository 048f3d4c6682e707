using System.Management.Automation.Language;

namespace Mammo.Tests.Help;

/// <summary>Looks into PowerShell code that is not run: does it parse, and are there the cmdlets and parameters that it names?</summary>
internal static class CodeCheck
{
    /// <summary>What is wrong; empty when nothing is.</summary>
    public static IEnumerable<string> Faults(string code)
    {
        var syntax = Parser.ParseInput(code, out _, out var errors);
        return errors.Select(error => error.Message)
            .Concat(syntax.FindAll(node => node is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>().SelectMany(Faults));
    }

    private static IEnumerable<string> Faults(CommandAst command)
    {
        var name = command.GetCommandName();
        if (CmdletHelp.All.FirstOrDefault(cmdlet => cmdlet.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } help)
            return name is not null && name.Contains("-Mammo", StringComparison.OrdinalIgnoreCase) ? [$"There is no cmdlet {name}."] : [];
        return command.CommandElements.OfType<CommandParameterAst>().Select(parameter => parameter.ParameterName)
            .Where(parameter => !help.Knows(parameter)).Select(parameter => $"{name} has no parameter -{parameter}.");
    }
}
