using System.Collections.ObjectModel;
using System.Globalization;

namespace Mammo.Evaluation;

/// <summary>Numbers by name in a fixed order: probabilities by class, scores by model. A dictionary, so that shells and serialisers treat it as one.</summary>
public sealed class ScoreTable : ReadOnlyDictionary<string, double>
{
    /// <summary>Makes the table; the order of the pairs is kept.</summary>
    /// <exception cref="ArgumentException">A name stands twice.</exception>
    public ScoreTable(IEnumerable<KeyValuePair<string, double>> scores)
        : base(new Dictionary<string, double>(scores, StringComparer.OrdinalIgnoreCase))
    {
    }

    /// <summary>Pairs names with values of the same number.</summary>
    public static ScoreTable Of(IReadOnlyList<string> names, ReadOnlySpan<double> values)
    {
        ArgumentNullException.ThrowIfNull(names);
        var pairs = new KeyValuePair<string, double>[names.Count];
        for (var index = 0; index < pairs.Length; index++)
            pairs[index] = new(names[index], values[index]);
        return new ScoreTable(pairs);
    }

    /// <summary><c>neg=0.25;pos=0.75</c>, invariant and in full precision, so that a CSV loses nothing.</summary>
    public override string ToString() => string.Join(';', this.Select(score => string.Create(CultureInfo.InvariantCulture, $"{score.Key}={score.Value:R}")));
}
