using System.Management.Automation.Language;
using Mammo.Help;
using Mammo.PowerShell.Common;

namespace Mammo.Tests.Help;

/// <summary>Looks into PowerShell code that is not run: does it parse, and are there the cmdlets and parameters that it names?</summary>
internal static class CodeCheck
{
    /// <summary>What is wrong; empty when nothing is.</summary>
    public static IEnumerable<string> Faults(string code)
    {
        var syntax = Parser.ParseInput(code, out _, out var errors);
        return errors.Select(error => error.Message).Concat(All<CommandAst>(syntax).SelectMany(command => Faults(command, syntax)));
    }

    private static IEnumerable<string> Faults(CommandAst command, Ast whole)
    {
        var name = command.GetCommandName();
        if (CmdletHelp.All.FirstOrDefault(cmdlet => cmdlet.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } help)
            return name is not null && name.Contains("-Mammo", StringComparison.OrdinalIgnoreCase) ? [$"There is no cmdlet {name}."] : [];
        return command.CommandElements.OfType<CommandParameterAst>().Select(parameter => parameter.ParameterName)
            .Concat(command.CommandElements.OfType<VariableExpressionAst>().Where(variable => variable.Splatted).SelectMany(variable => Keys(variable, whole)))
            .Where(parameter => !help.Knows(parameter)).Select(parameter => $"{name} has no parameter -{parameter}.");
    }

    /// <summary>Names in the table that a splatted variable was given in the same code.</summary>
    private static IEnumerable<string> Keys(VariableExpressionAst splatted, Ast whole) => All<AssignmentStatementAst>(whole)
        .Where(assignment => assignment.Left is VariableExpressionAst variable && variable.VariablePath.UserPath == splatted.VariablePath.UserPath)
        .SelectMany(assignment => All<HashtableAst>(assignment.Right)).Where(table => !IsValue(table)).SelectMany(table => table.KeyValuePairs)
            .Select(pair => pair.Item1.Extent.Text);

    /// <summary>True for a table that is a value in another one.</summary>
    private static bool IsValue(Ast table)
    {
        for (var above = table.Parent; above is not null; above = above.Parent)
        {
            if (above is HashtableAst)
                return true;
        }

        return false;
    }

    private static IEnumerable<T> All<T>(Ast syntax)
        where T : Ast => syntax.FindAll(node => node is T, searchNestedScriptBlocks: true).Cast<T>();
}
