using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Mammo.PowerShell.Common;

/// <summary>Completes a parameter from a list of names, quoting those that need it.</summary>
public abstract class NameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = wordToComplete?.Trim('\'', '"') ?? "";
        return Names(fakeBoundParameters ?? new Hashtable(), commandAst)
            .Where(name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult(Quoted(name), name, CompletionResultType.ParameterValue, name));
    }

    /// <summary>The names; what else was typed so far is in <paramref name="boundParameters"/> and <paramref name="command"/>.</summary>
    private protected abstract IEnumerable<string> Names(IDictionary boundParameters, CommandAst command);

    private static string Quoted(string name) => name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or ':' or '/') && !char.IsAsciiDigit(name[0])
        ? name
        : $"'{name.Replace("'", "''", StringComparison.Ordinal)}'";
}
