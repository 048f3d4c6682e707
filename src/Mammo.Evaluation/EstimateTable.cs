using System.Collections.ObjectModel;

namespace Mammo.Evaluation;

/// <summary>
/// Estimates by the name of their statistic, in the order of <typeparamref name="T"/>. A dictionary with texts as keys, so that shells and serialisers treat
/// it as one (ConvertTo-Json refuses other keys).
/// </summary>
/// <typeparam name="T">The statistics.</typeparam>
public sealed class EstimateTable<T> : ReadOnlyDictionary<string, Estimate>
    where T : struct, Enum
{
    /// <summary>A table with the estimate of each statistic.</summary>
    /// <param name="estimate">Gives the estimate of a statistic.</param>
    public EstimateTable(Func<T, Estimate> estimate)
        : base(Enum.GetValues<T>().ToDictionary(statistic => statistic.ToString(), estimate, StringComparer.OrdinalIgnoreCase))
    {
    }

    /// <summary>A statistic's estimate.</summary>
    public Estimate this[T statistic] => this[statistic.ToString()];

    /// <summary>The estimates with their statistics, in order.</summary>
    public IEnumerable<(T Statistic, Estimate Estimate)> InOrder() => Enum.GetValues<T>().Select(statistic => (statistic, this[statistic]));

    /// <summary><c>Auc=0.7500 (0.6000-0.8500);…</c>, so that a CSV says what there is.</summary>
    public override string ToString() => string.Join(';', this.Select(pair => $"{pair.Key}={pair.Value}"));
}
