using System.IO.Enumeration;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mammo.Tests.Module;

/// <summary>THIRD-PARTY-NOTICES.md against what the build puts into the module.</summary>
public sealed partial class NoticeTests
{
    private static readonly string Bin = Path.Combine(Shared.Repository, "module", "bin");
    private static readonly Match[] Rows = RowPattern().Matches(File.ReadAllText(Path.Combine(Shared.Repository, "THIRD-PARTY-NOTICES.md"))).ToArray();

    [Fact]
    public void Every_library_that_is_not_ours_has_one_entry()
    {
        string[] foreign = [
            .. Directory.GetFiles(Bin).Select(file => Path.GetFileName(file)).Where(name => !name.StartsWith("Mammo.", StringComparison.Ordinal))];
        Assert.NotEmpty(foreign);
        Assert.All(
            foreign,
            name => Assert.Single(
                Rows,
                row => FilePattern().Matches(row.Groups["files"].Value)
                    .Any(pattern => FileSystemName.MatchesSimpleExpression(pattern.Groups[1].Value, name, ignoreCase: false))));
    }

    [Fact]
    public void Every_package_has_the_version_that_was_restored()
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(Path.Combine(Shared.Repository, "src", "Mammo.Torch", "obj", "project.assets.json")));
        var restored = assets.RootElement.GetProperty("libraries").EnumerateObject().Select(library => library.Name.Split('/'))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        var told = Rows.SelectMany(row => row.Groups["library"].Value.Split(", ").Select(name => (Name: name, Version: row.Groups["version"].Value)))
            .Where(entry => restored.ContainsKey(entry.Name)).ToArray();
        Assert.InRange(told.Length, 9, Rows.Length);
        Assert.All(told, entry => Assert.Equal(restored[entry.Name], entry.Version));
    }

    [Fact]
    public void Every_entry_has_a_licence_and_an_address()
    {
        Assert.InRange(Rows.Length, 10, 100);
        Assert.All(
            Rows, row => Assert.Matches("MIT|BSD-3-Clause|LGPL-3.0-or-later|GPL-3.0-or-later|Intel Simplified Software License", row.Groups["licence"].Value));
    }

    [GeneratedRegex(@"^\| (?<files>`[^|]+`) \| (?<library>[^|]+) \| (?<version>\d[^|]*) \| (?<licence>[^|]+) \| https://[^| ]+ \|\r?$", RegexOptions.Multiline)]
    private static partial Regex RowPattern();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex FilePattern();
}
