using Mammo.Help;
using Mammo.Tests.PowerShell;

namespace Mammo.Tests.Help;

/// <summary>The committed help against what build/Help makes of the code and docs/cmdlets.</summary>
public sealed class HelpFileTests
{
    public static TheoryData<string> Cmdlets => [.. Session.Cmdlets().Select(cmdlet => cmdlet.Name)];

    [Fact]
    public void The_file_is_what_code_and_pages_say()
    {
        var committed = Repository.ReadText(Repository.HelpFile);
        var made = MamlWriter.Write(CmdletHelp.All);
        var other = made.Split('\n').Except(committed.Split('\n')).Concat(committed.Split('\n').Except(made.Split('\n'))).Take(6);
        Assert.True(
            committed == made,
            "The help is older than the code or the pages: 'dotnet run --project build/Help' writes it anew. It differs in\n" + string.Join('\n', other));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Nothing_is_left_unsaid(string name)
    {
        var cmdlet = CmdletHelp.All.Single(cmdlet => cmdlet.Name == name);
        Assert.EndsWith(".", cmdlet.Synopsis, StringComparison.Ordinal);
        Assert.NotEmpty(cmdlet.Page.Description);
        Assert.InRange(cmdlet.Page.Examples.Count, 2, 8);
        Assert.All(cmdlet.Page.Examples, example => Assert.NotEmpty(example.Remarks));
        Assert.NotEmpty(cmdlet.Page.Links);
        Assert.All(
            cmdlet.Parameters,
            parameter => Assert.True(parameter.Description.Count > 0 && parameter.Description.All(text => text.EndsWith('.')), parameter.Name));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Links_lead_somewhere(string name)
    {
        var page = HelpPage.PathOf(name);
        Assert.All(
            HelpPage.Targets(File.ReadAllText(page)).Where(target => !target.StartsWith("http", StringComparison.Ordinal)),
            target => Assert.True(Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, target.Split('#')[0])), target));
    }

    [Fact]
    public void Every_page_is_of_a_cmdlet() => Assert.Empty(HelpPage.Names.Except(Session.Cmdlets().Select(cmdlet => cmdlet.Name)));
}
