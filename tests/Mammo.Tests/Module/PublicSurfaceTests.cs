namespace Mammo.Tests.Module;

/// <summary>What Mammo offers against what it offered before. MAMMO_WRITE_SURFACE=1 writes the list anew; the difference is for a person to judge.</summary>
public sealed class PublicSurfaceTests
{
    [Fact]
    public void Nothing_of_it_is_added_changed_or_lost_unnoticed()
    {
        var path = Shared.Data("public-surface.txt");
        var text = PublicSurface.Describe();
        if (Environment.GetEnvironmentVariable("MAMMO_WRITE_SURFACE") == "1")
            File.WriteAllText(path, text);
        var known = File.ReadAllText(path).Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        var now = text.Split('\n');
        var difference = Only(known, now).Select(line => "lost   " + line).Concat(Only(now, known).Select(line => "new    " + line));
        Assert.True(
            known.SequenceEqual(now),
            $"""
            The public surface differs from tests/data/public-surface.txt.
            {string.Join('\n', difference.DefaultIfEmpty("The lines are in another order."))}
            If that is meant, run 'MAMMO_WRITE_SURFACE=1 dotnet test tests/Mammo.Tests --filter PublicSurfaceTests' and commit the file.
            """);
    }

    /// <summary>The lines of one text that are not in another, with the heading that they belong to.</summary>
    private static IEnumerable<string> Only(string[] these, string[] those)
    {
        var others = Below(those).ToHashSet();
        return Below(these).Where(line => !others.Contains(line)).Select(line => line.Heading == line.Text ? line.Text : $"{line.Heading}: {line.Text.Trim()}");
    }

    private static IEnumerable<(string Heading, string Text)> Below(IEnumerable<string> lines)
    {
        var heading = "";
        foreach (var line in lines)
        {
            if (!line.StartsWith(' '))
                heading = line;
            yield return (heading, line);
        }
    }
}
