using System.Collections.Immutable;

namespace Mammo.Evaluation;

/// <summary>A threshold that was chosen on other images than those that are measured.</summary>
/// <param name="Name">What it is called in results.</param>
/// <param name="Value">Scores from it on are flagged.</param>
public sealed record FrozenThreshold(string Name, double Value);

/// <summary>How a set is measured.</summary>
public sealed record EvaluationOptions
{
    // Fewer replicates say too little about the 2.5% at either end.
    internal const int MinimumReplicates = 100;

    /// <summary>Number of bootstrap replicates; 0 for none, else at least 100.</summary>
    public int Bootstrap { get; init; }

    /// <summary>Seed of the bootstrap.</summary>
    public long Seed { get; init; }

    /// <summary>Thresholds from validation that are applied as they are.</summary>
    public ImmutableArray<FrozenThreshold> Thresholds { get; init; } = [];

    /// <summary>Share of positives where the model will be used, for which predictive values and net benefit are stated; null for that of the set.</summary>
    public double? Prevalence { get; init; }

    /// <summary>Throws where an option is out of its range.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.EvaluationOptionInvalid"/>.</exception>
    internal void Check()
    {
        if (Bootstrap is not 0 and < MinimumReplicates)
        {
            throw new MammoException(
                ErrorIds.EvaluationOptionInvalid,
                $"{Bootstrap} bootstrap replicates are too few for an interval.",
                $"Give 0 for none, or at least {MinimumReplicates}; 2000 are usual.");
        }

        if (Prevalence is { } prevalence)
            CheckPrevalence(prevalence);
    }

    /// <summary>Throws where a share of positives is not between 0 and 1.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.EvaluationOptionInvalid"/>.</exception>
    internal static void CheckPrevalence(double prevalence)
    {
        if (!(prevalence > 0 && prevalence < 1))
        {
            throw new MammoException(
                ErrorIds.EvaluationOptionInvalid,
                $"A prevalence of {prevalence} is not between 0 and 1.",
                "Give the share of positives where the model will be used, such as 0.006.");
        }
    }
}
