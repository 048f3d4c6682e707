namespace Mammo.Host;

/// <summary>The command line, understood.</summary>
/// <param name="Mode">What to do.</param>
/// <param name="Text">Full path of the script, or the text of the command.</param>
/// <param name="Rest">What follows the script's name.</param>
/// <param name="Problem">What is wrong with the command line; null when nothing is.</param>
internal sealed record HostArguments(HostMode Mode, string Text, IReadOnlyList<string> Rest, string? Problem = null)
{
    public static HostArguments Parse(string[] args)
    {
        if (args.Length == 0)
            return new HostArguments(HostMode.Prompt, "", []);

        return args[0].ToUpperInvariant() switch
        {
            "-HELP" or "--HELP" or "-H" or "-?" or "/?" => new HostArguments(HostMode.Help, "", []),
            "-COMMAND" or "-C" => Command(args[1..]),
            ['-', ..] => Wrong($"'{args[0]}' is not an option of Mammo.Host."),
            _ => Script(args[0], args[1..]),
        };
    }

    private static HostArguments Command(string[] words) =>
        words.Length == 0 ? Wrong("-Command needs the text of a command.") : new HostArguments(HostMode.Command, string.Join(' ', words), []);

    private static HostArguments Script(string path, string[] rest)
    {
        var full = Path.GetFullPath(path);
        if (!File.Exists(full))
            return Wrong($"The script '{full}' does not exist.");
        return full.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase)
            ? new HostArguments(HostMode.Script, full, rest)
            : Wrong($"'{full}' is not a PowerShell script: its name does not end with .ps1.");
    }

    private static HostArguments Wrong(string problem) =>
        new(HostMode.Prompt, "", [], problem + Environment.NewLine + HelpText.Usage);
}
