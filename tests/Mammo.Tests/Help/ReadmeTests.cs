using System.Globalization;
using System.Text.RegularExpressions;
using Mammo.Tests.Host;

namespace Mammo.Tests.Help;

/// <summary>What README promises a newcomer.</summary>
public sealed partial class ReadmeTests
{
    private const double Tolerance = 0.002;

    [Fact]
    public void The_first_command_prints_what_is_shown()
    {
        var readme = File.ReadAllText(Path.Combine(Shared.Repository, "README.md")).ReplaceLineEndings("\n");
        var shown = Words(Block().Match(readme).Groups[1].Value);
        Assert.InRange(shown.Length, 8, 20);

        var run = HostProcess.Run(["-NoProfile", "-File", Path.Combine(Shared.Repository, "examples", "QuickStart.ps1")]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var printed = Words(run.Output.ReplaceLineEndings("\n"));
        Assert.All(
            shown, line => Assert.Contains(printed, other => other.Length == line.Length && line.Zip(other).All(pair => IsClose(pair.First, pair.Second))));
    }

    private static string[][] Words(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    // Processors and libraries add up in different orders.
    private static bool IsClose(string shown, string printed) => shown == printed
        || (double.TryParse(shown, CultureInfo.InvariantCulture, out var expected) && double.TryParse(printed, CultureInfo.InvariantCulture, out var actual)
            && Math.Abs(expected - actual) < Tolerance);

    // The block that begins with the header of a table.
    [GeneratedRegex(@"^```\n(Image .*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
