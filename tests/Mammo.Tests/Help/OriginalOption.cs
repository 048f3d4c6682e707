using System.Globalization;
using System.Text.RegularExpressions;

namespace Mammo.Tests.Help;

/// <summary>A row of about_Mammo_Training: an option of the original and the parameter that took its place.</summary>
/// <param name="Programs">The original's programs that have the option.</param>
/// <param name="Cmdlets">The cmdlets that have the parameter.</param>
/// <param name="Name">The option as it was typed, or an environment variable.</param>
/// <param name="Parameter">The parameter, without its hyphen.</param>
/// <param name="Default">What the topic says is its default.</param>
internal sealed partial record OriginalOption(IReadOnlyList<string> Programs, IReadOnlyList<string> Cmdlets, string Name, string Parameter, string Default)
{
    private static readonly string[] BothPrograms = ["image_clf_train.py", "patch_clf_train.py"];

    /// <summary>The option as PowerShell writes parameters: <c>--nb-epoch</c> is NbEpoch.</summary>
    public string PascalName => string.Concat(
        Name.Split(['-', '_'], StringSplitOptions.RemoveEmptyEntries)
            .Select(part => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(part.ToLowerInvariant())));

    public static IReadOnlyList<OriginalOption> ReadAll()
    {
        var options = new List<OriginalOption>();
        Match? heading = null;
        foreach (var line in File.ReadAllLines(Path.Combine(Shared.Repository, "en-US", "about_Mammo_Training.help.txt")))
        {
            if (Heading().Match(line) is { Success: true } start)
                heading = start;
            else if (heading is not null && Row().Match(line) is { Success: true } row)
                options.Add(
                    new OriginalOption(
                        ReadPrograms(heading), heading.Groups[2].Value.Split(", "), row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value));
        }

        return options;
    }

    private static string[] ReadPrograms(Match heading) => heading.Groups[1].Value == "Both programs" ? BothPrograms : [heading.Groups[1].Value];

    [GeneratedRegex(@"^  (Both programs|\w+\.py): (.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^    (--[a-z0-9-]+|[A-Z_]{8,}) +\S.*? {2,}-(\w+) +(\S.*)$")]
    private static partial Regex Row();
}
