using System.Globalization;

namespace Mammo.Benchmarks;

/// <summary>Options of a benchmark, given as <c>--name value</c>.</summary>
internal sealed class Arguments(Dictionary<string, string> values)
{
    public static Arguments Parse(string[] words) => new(words.Chunk(2).ToDictionary(pair => pair[0].TrimStart('-'), pair => pair[1], StringComparer.Ordinal));

    public string Text(string name, string otherwise) => values.GetValueOrDefault(name, otherwise);

    public string[] List(string name, string otherwise) => Text(name, otherwise).Split(',');

    public int Number(string name, int otherwise) => values.TryGetValue(name, out var value) ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
}
