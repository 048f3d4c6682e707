using System.Text.RegularExpressions;

namespace Mammo.Help;

/// <summary>What people wrote about a cmdlet: docs/cmdlets/NAME.md with a heading, a description, and the sections Notes, Examples and Related links.</summary>
internal sealed partial record HelpPage(
    IReadOnlyList<string> Description, IReadOnlyList<string> Notes, IReadOnlyList<HelpExample> Examples, IReadOnlyList<string> Links)
{
    private static readonly string[] Sections = ["Notes", "Examples", "Related links"];

    /// <summary>Names of the cmdlets that have a page.</summary>
    public static IEnumerable<string> Names =>
        Directory.GetFiles(Path.Combine(Repository.Folder, "docs", "cmdlets"), "*.md").Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal);

    public static string PathOf(string cmdlet) => Path.Combine(Repository.Folder, "docs", "cmdlets", cmdlet + ".md");

    public static HelpPage Read(string cmdlet)
    {
        var path = PathOf(cmdlet);
        Require(File.Exists(path), cmdlet, "is missing; CONTRIBUTING.md says how it is written");
        var text = Repository.ReadText(path);
        Require(text.StartsWith($"# {cmdlet}\n", StringComparison.Ordinal), cmdlet, "does not begin with the cmdlet's name as its heading");
        var sections = SectionStart().Split(text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
        var byTitle = Enumerable.Range(0, sections.Length / 2)
            .ToDictionary(index => sections[(2 * index) + 1], index => sections[(2 * index) + 2], StringComparer.Ordinal);
        Require(byTitle.Keys.All(Sections.Contains), cmdlet, "has another section than " + string.Join(", ", Sections));
        return new HelpPage(
            Paragraphs(sections[0]),
            Paragraphs(byTitle.GetValueOrDefault("Notes", "")),
            ReadExamples(cmdlet, byTitle.GetValueOrDefault("Examples", "")),
            [.. Paragraphs(byTitle.GetValueOrDefault("Related links", "")).Select(line => line.TrimStart('-', ' '))]);
    }

    /// <summary>Targets of the page's links as they are written.</summary>
    public static IEnumerable<string> Targets(string markdown) => Link().Matches(markdown).Select(link => link.Groups[2].Value);

    private static List<HelpExample> ReadExamples(string cmdlet, string section)
    {
        var parts = ExampleStart().Split(section);
        return [.. Enumerable.Range(0, parts.Length / 2).Select(index => ReadExample(cmdlet, parts[(2 * index) + 1], parts[(2 * index) + 2]))];
    }

    private static HelpExample ReadExample(string cmdlet, string title, string text)
    {
        var block = CodeBlock().Match(text);
        Require(block.Success, cmdlet, $"has no block in the example '{title}' that begins with ```powershell, or ```powershell norun: REASON");
        var remarks = Paragraphs(text.Remove(block.Index, block.Length));
        var reason = block.Groups[1].Value.Trim();
        return new HelpExample(title, block.Groups[2].Value.TrimEnd(), remarks, reason.Length == 0 ? null : reason);
    }

    private static void Require(bool holds, string cmdlet, string fault)
    {
        if (!holds)
            throw new InvalidDataException($"docs/cmdlets/{cmdlet}.md {fault}.");
    }

    /// <summary>Paragraphs and list items, each as one line of plain text.</summary>
    private static List<string> Paragraphs(string markdown) =>
        [.. ParagraphEnd().Split(markdown.Trim()).Select(Plain).Where(text => text.Length > 0)];

    private static string Plain(string markdown)
    {
        var text = Link().Replace(
            markdown,
            link => link.Groups[2].Value.StartsWith("http", StringComparison.Ordinal) ? $"{link.Groups[1].Value} "
                + $"({link.Groups[2].Value})" : link.Groups[1].Value);
        return Space().Replace(text.Replace("**", "", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal), " ").Trim();
    }

    [GeneratedRegex(@"^## (.+)\n", RegexOptions.Multiline)]
    private static partial Regex SectionStart();

    [GeneratedRegex(@"^### (.+)\n", RegexOptions.Multiline)]
    private static partial Regex ExampleStart();

    [GeneratedRegex(@"^```powershell(?: norun:([^\n]+))?\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\n\s*\n|\n(?=- )")]
    private static partial Regex ParagraphEnd();

    [GeneratedRegex(@"\[([^\]]+)\]\(([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
