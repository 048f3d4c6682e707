using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Mammo.Tests.PowerShell;

namespace Mammo.Tests.Help;

/// <summary>
/// The guides in docs/guides, from their first line of code to the last, in one session in the examples' folder. What they show as output is what is printed;
/// MAMMO_WRITE_GUIDES=1 writes it anew.
/// </summary>
public sealed partial class GuideTests
{
    private const double Tolerance = 0.002;
    private static readonly string Folder = Path.Combine(Shared.Repository, "docs", "guides");

    public static TheoryData<string> Guides => [.. Directory.GetFiles(Folder, "*.md").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Guides))]
    public void It_runs_and_prints_what_it_shows(string name)
    {
        var path = Path.Combine(Folder, name);
        var text = File.ReadAllText(path).ReplaceLineEndings("\n");
        using var session = new Session();
        session.SetLocation(new ExampleFolder().Folder);
        session.Run("$ErrorActionPreference = 'Stop'; $PSStyle.OutputRendering = 'PlainText'");
        session.Set("repository", Shared.Repository);
        var written = new StringBuilder();
        var last = 0;
        foreach (Match block in Block().Matches(text))
        {
            var (code, reason, shown) = (block.Groups["code"], block.Groups["reason"], block.Groups["shown"]);
            if (reason.Success)
            {
                Assert.Empty(CodeCheck.Faults(code.Value));
                continue;
            }

            var printed = Print(session, code.Value);
            if (!shown.Success)
                continue;
            written.Append(text, last, shown.Index - last).Append(printed);
            last = shown.Index + shown.Length;
            if (Environment.GetEnvironmentVariable("MAMMO_WRITE_GUIDES") != "1")
                Compare(shown.Value, printed);
        }

        if (Environment.GetEnvironmentVariable("MAMMO_WRITE_GUIDES") == "1")
            File.WriteAllText(path, written.Append(text, last, text.Length - last).ToString());
    }

    [Fact]
    public void README_names_them_all()
    {
        var readme = File.ReadAllText(Path.Combine(Shared.Repository, "README.md"));
        Assert.All(Guides, guide => Assert.Contains($"docs/guides/{guide.Data}", readme, StringComparison.Ordinal));
    }

    // Assignments stay in the session, as for a person who types.
    private static string Print(Session session, string code)
    {
        var lines = ((string)Assert.Single(session.Run($". {{\n{code}\n}} | Out-String -Width 110"))).ReplaceLineEndings("\n").Split('\n')
            .Select(line => line.TrimEnd()).ToList();
        var text = string.Join('\n', lines).Trim('\n');
        return Blank().Replace(text, "\n\n") + "\n";
    }

    private static void Compare(string shown, string printed)
    {
        var (expected, actual) = (Words(shown), Words(printed));
        Assert.True(
            expected.Length == actual.Length && expected.Zip(actual).All(pair => IsClose(pair.First, pair.Second)), $"shown:\n{shown}\nprinted:\n{printed}");
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    // Processors and libraries add up in different orders; times and places are the reader's own.
    private static bool IsClose(string shown, string printed) => shown == printed
        || (double.TryParse(shown, CultureInfo.InvariantCulture, out var expected) && double.TryParse(printed, CultureInfo.InvariantCulture, out var actual)
            && Math.Abs(expected - actual) < Tolerance);

    // Code, and the output that follows it if one is shown.
    [GeneratedRegex(
        @"^```powershell(?: norun: (?<reason>[^\n]+))?\n(?<code>.*?)^```\n(?:\n```text\n(?<shown>.*?)^```\n)?",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\n{3,}")]
    private static partial Regex Blank();
}
