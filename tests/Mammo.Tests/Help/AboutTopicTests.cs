using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using Mammo.Help;

namespace Mammo.Tests.Help;

/// <summary>The about_ topics and what other prose says of cmdlets, parameters and ids.</summary>
public sealed partial class AboutTopicTests
{
    /// <summary>Parameters of PowerShell's own commands that the texts name.</summary>
    private static readonly string[] Foreign =
    [
        "Recurse", "Descending", "Directory", "Command", "EQ", "Examples", "File", "First", "ItemType", "Module", "NE", "NoProfile", "NotIn", "Reinstall",
        "Repository", "Trusted", "Uri", "Variable",
    ];

    public static TheoryData<string> Topics => [
        .. Directory.GetFiles(Path.Combine(Shared.Repository, "en-US"), "about_*.help.txt").Select(file => Path.GetFileName(file))
            .Order(StringComparer.Ordinal)];

    public static TheoryData<string> Texts =>
    [
        "README.md",
        .. Topics.Select(topic => "en-US/" + topic.Data),
        .. HelpPage.Names.Select(name => $"docs/cmdlets/{name}.md"),
    ];

    [Fact]
    public void The_topics_are_there() => Assert.Equal(
        ["about_Mammo", "about_Mammo_Archive", "about_Mammo_Dicom", "about_Mammo_Evaluation", "about_Mammo_Models", "about_Mammo_Training"],
        Topics.Select(topic => topic.Data.Split('.')[0]));

    [Theory]
    [MemberData(nameof(Topics))]
    public void A_topic_has_the_form_that_Get_Help_knows(string file)
    {
        var name = file[..file.IndexOf('.', StringComparison.Ordinal)];
        var lines = File.ReadAllLines(Path.Combine(Shared.Repository, "en-US", file));
        Assert.Equal(["TOPIC", "    " + name, "", "SHORT DESCRIPTION"], lines[..4]);
        Assert.All(lines, line => Assert.Matches(@"^[\x20-\x7e]{0,80}$", line));
        Assert.All(
            lines.SkipWhile(line => line != "SEE ALSO").Skip(1).Select(line => line.Trim()),
            link => Assert.True(CmdletHelp.All.Any(cmdlet => cmdlet.Name == link) || Topics.Any(topic => topic.Data == link + ".help.txt"), link));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void What_a_text_names_is_there(string file)
    {
        var text = File.ReadAllText(Path.Combine(Shared.Repository, file));
        Assert.All(ParameterName().Matches(text), match => Assert.True(IsParameter(match.Groups[1].Value), match.Value));
        Assert.All(CmdletName().Matches(text), match => Assert.Contains(match.Value, CmdletHelp.All.Select(cmdlet => cmdlet.Name)));
        Assert.All(
            IdName().Matches(text), match => Assert.NotNull(typeof(ErrorIds).GetField(match.Groups[1].Value, BindingFlags.Public | BindingFlags.Static)));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Code_that_a_text_shows_can_be_understood(string file)
    {
        var text = File.ReadAllText(Path.Combine(Shared.Repository, file)).Replace("\r\n", "\n", StringComparison.Ordinal);
        Assert.Empty(CodeBlock().Matches(text).Select(match => match.Value.StartsWith(' ') ? match.Value : match.Groups[1].Value).SelectMany(CodeCheck.Faults));
    }

    private static bool IsParameter(string name) =>
        Cmdlet.CommonParameters.Contains(name) || Foreign.Contains(name) || CmdletHelp.All.Any(cmdlet => cmdlet.Knows(name));

    [GeneratedRegex(@"(?<![\w-])-([A-Z][A-Za-z0-9]+)")]
    private static partial Regex ParameterName();

    [GeneratedRegex(@"\b[A-Z][a-z]+-(Mammo\w+|PatchModel|WholeImageModel|PatchTraining|FeaturewiseMean|RescaleFactor)\b")]
    private static partial Regex CmdletName();

    // No file, assembly or type.
    [GeneratedRegex(@"\bMammo\.([A-Z]\w+)(?!\w|[./])(?<!Host|PowerShell|Tests)")]
    private static partial Regex IdName();

    // In Markdown between fences, in a topic what is indented by eight and begins with a command or a variable.
    [GeneratedRegex(
        @"^```powershell[^\n]*\n(.*?)^```|(?<=\n\n)(?: {8}(?:\$\w|[A-Z]\w+-\w)[^\n]*\n(?: {8}[^\n]*\n)*)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
