using System.Collections.Immutable;

namespace Mammo.Evaluation.Bootstrap;

/// <summary>The 2.5% and 97.5% quantiles of a curve's bootstrap replicates at each point of a grid.</summary>
/// <param name="Lower">Lower ends.</param>
/// <param name="Upper">Upper ends.</param>
public sealed record CurveBand(ImmutableArray<double> Lower, ImmutableArray<double> Upper)
{
    /// <summary>The band of statistics that follow one another in a bootstrap; null where one of them is undefined in too many replicates.</summary>
    internal static CurveBand? Of(PatientBootstrap? draws, int first, int count)
    {
        if (draws is null)
            return null;
        var (lower, upper) = (new double[count], new double[count]);
        for (var point = 0; point < count; point++)
        {
            var replicates = draws.Replicates[first + point];
            double[] sorted = [.. replicates.Where(double.IsFinite).Order()];
            if (BootstrapIntervals.TooFew(sorted, replicates.Length))
                return null;
            (lower[point], upper[point]) = (BootstrapIntervals.Quantile(sorted, 0.025), BootstrapIntervals.Quantile(sorted, 0.975));
        }

        return new CurveBand([.. lower], [.. upper]);
    }
}
