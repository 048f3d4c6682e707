using System.Collections.ObjectModel;
using System.Globalization;

namespace Mammo.Data;

/// <summary>
/// Counts by name in a fixed order: patches by class, images by bit depth. A dictionary with texts as keys, because ConvertTo-Json refuses any other.
/// </summary>
public sealed class CountTable : ReadOnlyDictionary<string, int>
{
    /// <summary>Makes the table; the order of the pairs is kept.</summary>
    /// <exception cref="ArgumentException">A name stands twice.</exception>
    public CountTable(IEnumerable<KeyValuePair<string, int>> counts)
        : base(new Dictionary<string, int>(counts, StringComparer.Ordinal))
    {
    }

    /// <summary>A table without names.</summary>
    public static new CountTable Empty { get; } = new([]);

    /// <summary><c>background=4;benign=10</c>, so that a CSV loses nothing.</summary>
    public override string ToString() => string.Join(';', this.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Key}={count.Value}")));

    /// <summary>Counts items by bit depth, the lowest first.</summary>
    internal static CountTable ByBitDepth(IEnumerable<(int BitDepth, int Count)> counts) =>
        new(counts.OrderBy(item => item.BitDepth).Select(item => KeyValuePair.Create(item.BitDepth.ToString(CultureInfo.InvariantCulture), item.Count)));
}
