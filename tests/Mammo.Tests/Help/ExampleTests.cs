using System.Management.Automation.Language;
using Mammo.Tests.PowerShell;

namespace Mammo.Tests.Help;

/// <summary>What help shows as an example must run as it stands.</summary>
public sealed class ExampleTests
{
    public static TheoryData<string, int> Runnable => Numbers(example => example.NotRunBecause is null);

    public static TheoryData<string, int> NotRunnable => Numbers(example => example.NotRunBecause is not null);

    [Theory]
    [MemberData(nameof(Runnable))]
    public void It_runs(string cmdlet, int number)
    {
        var code = Example(cmdlet, number).Code;
        var example = new ExampleFolder();
        using var session = new Session();
        if (Commands(code).Any(name => !IsKnown(session, name)))
        {
            var run = RealPowerShell.Run(code, example.Folder);
            Assert.Equal((0, ""), (run.ExitCode, run.Error));
            return;
        }

        session.SetLocation(example.Folder);
        session.Run("$ErrorActionPreference = 'Stop'\n" + code);
        Assert.Empty(session.Errors);
    }

    [Theory]
    [MemberData(nameof(NotRunnable))]
    public void What_cannot_be_run_is_at_least_understood(string cmdlet, int number) => Assert.Empty(CodeCheck.Faults(Example(cmdlet, number).Code));

    [Fact]
    public void Nearly_all_are_run() => Assert.InRange(NotRunnable.Count, 0, (Runnable.Count + NotRunnable.Count) / 10);

    private static HelpExample Example(string cmdlet, int number) => HelpPage.Read(cmdlet).Examples[number - 1];

    private static bool IsKnown(Session session, string name) => session.Run($"Get-Command '{name.Replace("'", "''", StringComparison.Ordinal)}' -ErrorAction Ignore").Count > 0;

    private static IEnumerable<string> Commands(string code) => Parser.ParseInput(code, out _, out _)
        .FindAll(node => node is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>().Select(command => command.GetCommandName()).OfType<string>();

    private static TheoryData<string, int> Numbers(Func<HelpExample, bool> which) =>
        [.. HelpPage.Names.SelectMany(cmdlet => HelpPage.Read(cmdlet).Examples.Select((example, index) => (example, index)).Where(pair => which(pair.example)).Select(pair => (cmdlet, pair.index + 1)))];
}
