using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Text.RegularExpressions;

namespace Mammo.Host;

/// <summary>Scripts and command texts as commands that hand their failure on as an exit code.</summary>
internal static partial class ScriptCommand
{
    // 'exit N' in a script file ends that file only, with '$?' false.
    private const string HandExitCodeOn = "if (-not $?) { exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 }) }";

    /// <summary>A script file with arguments as they stand on a command line.</summary>
    public static Command FromFile(string path, IEnumerable<string> arguments) =>
        FromText($"& {Quoted(path)} {string.Join(' ', arguments.Select(Argument))}\n{HandExitCodeOn}");

    /// <summary>A text that fails when its last command does.</summary>
    public static Command FromTextWithExitCode(string text) => FromText($"{text}\n\nif (-not $?) {{ exit 1 }}");

    /// <summary>A text that runs in the session's own scope.</summary>
    public static Command FromText(string text) => new(text, isScript: true, useLocalScope: false);

    // Names stay as they are, values become strings, so that nothing in them is run.
    private static string Argument(string argument)
    {
        var named = Named().Match(argument);
        if (!named.Success)
            return Quoted(argument);
        var value = named.Groups["value"];
        return named.Groups["name"].Value + (!value.Success ? "" : value.Value.ToUpperInvariant() is "$TRUE" or "$FALSE" ? value.Value : Quoted(value.Value));
    }

    private static string Quoted(string text) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";

    [GeneratedRegex(@"^(?<name>-[A-Za-z_]\w*)$|^(?<name>-[A-Za-z_]\w*:)(?<value>.+)$", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Named();
}
