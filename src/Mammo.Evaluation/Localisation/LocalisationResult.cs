using System.Collections.Immutable;
using Mammo.Evaluation.Bootstrap;
using Mammo.Evaluation.Numerics;
using Mammo.Evaluation.Roc;

namespace Mammo.Evaluation.Localisation;

/// <summary>How well marks agree with lesions: every statistic with its intervals by patient, or why it has none.</summary>
public sealed record LocalisationResult
{
    // False marks an image at which the band is known.
    private static readonly double[] Rates = [.. Enumerable.Range(0, 101).Select(i => i / 20.0)];

    /// <summary>Number of images.</summary>
    public required int Images { get; init; }

    /// <summary>Number of images without lesions.</summary>
    public required int NormalImages { get; init; }

    /// <summary>Number of lesions.</summary>
    public required int Lesions { get; init; }

    /// <summary>Number of patients; null when they are not known.</summary>
    public required int? Patients { get; init; }

    /// <summary>Every statistic.</summary>
    public required EstimateTable<LocalisationStatistic> Statistics { get; init; }

    /// <summary>The FROC curve; null without lesions.</summary>
    public required FrocCurve? Froc { get; init; }

    /// <summary>Band of the sensitivity at 0, 0.05, … 5 false marks an image; null without a bootstrap, or where it is undefined.</summary>
    public CurveBand? FrocBand { get; init; }

    /// <summary>A statistic by its name.</summary>
    public Estimate this[LocalisationStatistic statistic] => Statistics[statistic];

    /// <summary>Measures a set.</summary>
    /// <param name="set">The set.</param>
    /// <param name="options">Bootstrap and seed; the rest has no effect. Null for no bootstrap.</param>
    /// <param name="cancellation">Ends a bootstrap.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.EvaluationOptionInvalid"/>: an option is out of its range.</exception>
    public static LocalisationResult Of(LocalisedSet set, EvaluationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        options ??= new EvaluationOptions();
        options.Check();
        var statistics = new LocalisationStatistics(set);
        var values = new double[LocalisationStatistics.Count];
        statistics.Compute([], [], values);
        var draws = options.Bootstrap > 0 && set.LesionCount > 0
            ? PatientBootstrap.Run(set.PatientCount, LocalisationStatistics.Count + Rates.Length, options.Bootstrap, options.Seed, Worker, cancellation)
            : null;
        return new LocalisationResult
        {
            Images = set.ImageCount,
            NormalImages = set.NormalCount,
            Lesions = set.LesionCount,
            Patients = set.HasPatients ? set.PatientCount : null,
            Statistics = new EstimateTable<LocalisationStatistic>(Of),
            Froc = FrocCurve.Of(set),
            FrocBand = CurveBand.Of(draws, LocalisationStatistics.Count, Rates.Length),
        };

        DrawStatistics Worker()
        {
            var own = new LocalisationStatistics(set);
            return (draws, values) => own.Compute(draws, Rates, values);
        }

        Estimate Of(LocalisationStatistic statistic)
        {
            if (statistics.Undefined(statistic) is { } reason)
                return Estimate.None(reason);
            var index = (int)statistic;
            ImmutableArray<Interval> bootstrap = [];
            if (draws is not null)
            {
                var (bca, percentile) = BootstrapIntervals.Of(values[index], draws.Replicates[index], draws.LeftOut[index]);
                bootstrap = [bca, percentile];
            }

            return Estimate.Of(values[index], [.. ByPatient(set, statistic), .. bootstrap, .. ByImage(statistic)]);
        }

        Interval[] ByImage(LocalisationStatistic statistic)
        {
            var (_, diseased, hits) = statistics.Pointing([]);
            return statistic == LocalisationStatistic.PointingGame ? [Proportion.Wilson(hits, diseased)] : [];
        }
    }

    /// <summary>DeLong's intervals of figures of merit, which are areas.</summary>
    private static Interval[] ByPatient(LocalisedSet set, LocalisationStatistic statistic)
    {
        if (statistic is not (LocalisationStatistic.Jafroc or LocalisationStatistic.JafrocAllImages))
            return [];
        var byPatient = DeLong.Of(statistic == LocalisationStatistic.Jafroc ? set.Jafroc : set.JafrocAll, byPatient: true);
        return [byPatient.OnLogit(), byPatient.Symmetric(byPatient: true)];
    }
}
