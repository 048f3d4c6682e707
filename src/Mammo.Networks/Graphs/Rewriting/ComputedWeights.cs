using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Mammo.Networks.Graphs.Rewriting;

/// <summary>
/// A network's weights, of which rewritten ones are computed each time they are asked for: who packs them in a form of its own takes each once, and a second
/// copy of all of them (156 MB for ResNet50) would lie in memory beside.
/// </summary>
/// <param name="weights">Weights by path name.</param>
internal sealed class ComputedWeights(IReadOnlyDictionary<string, Weight> weights) : IReadOnlyDictionary<string, Weight>
{
    private readonly Dictionary<string, Func<Weight>> _weights = weights.Keys.ToDictionary(name => name, name => Source(weights, name), StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _weights.Keys;

    /// <inheritdoc/>
    public IEnumerable<Weight> Values => _weights.Values.Select(weight => weight());

    /// <inheritdoc/>
    public int Count => _weights.Count;

    /// <inheritdoc/>
    public Weight this[string key] => _weights[key]();

    /// <summary>Puts another weight in a weight's place, made from what it was.</summary>
    /// <param name="name">Path name of the weight.</param>
    /// <param name="rewrite">Gives the new weight; it gets the same input and gives the same result each time.</param>
    public void Rewrite(string name, Func<Weight, Weight> rewrite)
    {
        var before = _weights[name];
        _weights[name] = () => rewrite(before());
    }

    /// <summary>Adds or replaces a weight.</summary>
    public void Set(string name, Weight weight) => _weights[name] = () => weight;

    /// <summary>Takes a weight away and gives it; null where there is none.</summary>
    public Weight? Take(string name) => _weights.Remove(name, out var weight) ? weight() : null;

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _weights.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Weight value)
    {
        value = _weights.TryGetValue(key, out var weight) ? weight() : null;
        return value is not null;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Weight>> GetEnumerator() =>
        _weights.Select(weight => KeyValuePair.Create(weight.Key, weight.Value())).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // What is computed stays computed later; what is there is kept as it is.
    private static Func<Weight> Source(IReadOnlyDictionary<string, Weight> weights, string name)
    {
        if (weights is ComputedWeights computed)
            return computed._weights[name];
        var weight = weights[name];
        return () => weight;
    }
}
