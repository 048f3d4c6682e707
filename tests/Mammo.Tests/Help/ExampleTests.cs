using Mammo.Help;
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
        var example = new ExampleFolder();
        using var session = new Session();
        session.SetLocation(example.Folder);
        session.Run("$ErrorActionPreference = 'Stop'\n" + Example(cmdlet, number).Code);
        Assert.Empty(session.Errors);
    }

    [Theory]
    [MemberData(nameof(NotRunnable))]
    public void What_cannot_be_run_is_at_least_understood(string cmdlet, int number) => Assert.Empty(CodeCheck.Faults(Example(cmdlet, number).Code));

    [Fact]
    public void Nearly_all_are_run() => Assert.InRange(NotRunnable.Count, 0, (Runnable.Count + NotRunnable.Count) / 10);

    private static HelpExample Example(string cmdlet, int number) => HelpPage.Read(cmdlet).Examples[number - 1];

    private static TheoryData<string, int> Numbers(Func<HelpExample, bool> which) =>
        [.. HelpPage.Names.SelectMany(cmdlet => HelpPage.Read(cmdlet).Examples.Select((example, index) => (example, index)).Where(pair => which(pair.example))
            .Select(pair => (cmdlet, pair.index + 1)))];
}
