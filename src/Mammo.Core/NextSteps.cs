using System.Collections.Frozen;

namespace Mammo;

/// <summary>What to do about an error or finding that says nothing of its own: what docs/errors.md says of its id.</summary>
internal static class NextSteps
{
    private static readonly Lazy<FrozenDictionary<string, string>> Table = new(Read);

    /// <summary>The advice; null for an id that is none of Mammo's.</summary>
    public static string? Of(string id) => Table.Value.GetValueOrDefault(id);

    // Rows are: | `Mammo.Id` | what happened | what to do |
    private static FrozenDictionary<string, string> Read()
    {
        using var page = new StreamReader(typeof(NextSteps).Assembly.GetManifestResourceStream("errors.md")!);
        return page.ReadToEnd().Split('\n').Where(line => line.StartsWith("| `Mammo.", StringComparison.Ordinal))
            .Select(line => line.Trim().Trim('|').Split('|'))
            .ToFrozenDictionary(row => row[0].Trim().Trim('`'), row => row[^1].Trim().Replace("`", "", StringComparison.Ordinal), StringComparer.Ordinal);
    }
}
