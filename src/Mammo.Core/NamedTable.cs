using System.Collections.ObjectModel;
using System.Globalization;
using System.Numerics;

namespace Mammo;

/// <summary>
/// Numbers by name in a fixed order: probabilities by class, scores by model, images by bit depth. A dictionary with texts as keys, so that shells and
/// serialisers
/// treat it as one (ConvertTo-Json refuses other keys).
/// </summary>
/// <typeparam name="T">The numbers.</typeparam>
public sealed class NamedTable<T> : ReadOnlyDictionary<string, T>
    where T : INumber<T>
{
    /// <summary>Makes the table; the order of the pairs is kept.</summary>
    /// <exception cref="ArgumentException">A name is there twice; letter case does not tell names apart.</exception>
    public NamedTable(IEnumerable<KeyValuePair<string, T>> numbers)
        : base(new Dictionary<string, T>(numbers, StringComparer.OrdinalIgnoreCase))
    {
    }

    /// <summary><c>neg=0.25;pos=0.75</c>, invariant and in full precision, so that a CSV loses nothing.</summary>
    public override string ToString() => string.Join(';', this.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value}")));
}

/// <summary>Makes tables of numbers by name.</summary>
public static class NamedTable
{
    /// <summary>A table without names.</summary>
    public static NamedTable<T> None<T>()
        where T : INumber<T> => new([]);

    /// <summary>Pairs names with values of the same number.</summary>
    /// <exception cref="ArgumentException">A name is there twice.</exception>
    public static NamedTable<T> Of<T>(IReadOnlyList<string> names, ReadOnlySpan<T> values)
        where T : INumber<T>
    {
        ArgumentNullException.ThrowIfNull(names);
        var pairs = new KeyValuePair<string, T>[names.Count];
        for (var index = 0; index < pairs.Length; index++)
            pairs[index] = new(names[index], values[index]);
        return new NamedTable<T>(pairs);
    }

    /// <summary>Counts images by bit depth, the lowest first.</summary>
    public static NamedTable<int> ByBitDepth(IEnumerable<(int BitDepth, int Count)> counts) =>
        new(counts.OrderBy(item => item.BitDepth).Select(item => KeyValuePair.Create(item.BitDepth.ToString(CultureInfo.InvariantCulture), item.Count)));
}
