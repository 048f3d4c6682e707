using System.Collections.Immutable;
using Mammo.Evaluation.Numerics;

namespace Mammo.Evaluation.Comparison;

/// <summary>Decisions of two models, each at a threshold of its own, about the samples of one class.</summary>
/// <param name="Name"><c>sensitivity</c> or <c>specificity</c>.</param>
/// <param name="First">Share of the class that the first model decides rightly.</param>
/// <param name="Second">Share that the second model decides rightly.</param>
/// <param name="OnlyFirst">Number that only the first decides rightly.</param>
/// <param name="OnlySecond">Number that only the second decides rightly.</param>
/// <param name="Difference">Second minus first, with an interval by patient.</param>
/// <param name="Tests">The test by patient, and McNemar's exact test.</param>
public sealed record McNemar(string Name, Estimate First, Estimate Second, int OnlyFirst, int OnlySecond, Estimate Difference, ImmutableArray<PairedTest> Tests)
{
    /// <summary>Compares sensitivities or specificities.</summary>
    /// <param name="pair">The scores, without weights.</param>
    /// <param name="firstThreshold">Threshold of the first model; scores from it on are flagged.</param>
    /// <param name="secondThreshold">Threshold of the second model.</param>
    /// <param name="positives">Whether positives are compared (sensitivity) or negatives (specificity).</param>
    public static McNemar Of(PairedSet pair, double firstThreshold, double secondThreshold, bool positives)
    {
        ArgumentNullException.ThrowIfNull(pair);
        var (first, second) = (pair.First, pair.Second);
        var (name, nothing) = positives ? ("sensitivity", Reasons.NoPositives) : ("specificity", Reasons.NoNegatives);
        var differences = new int[first.PatientCount];
        var sizes = new int[first.PatientCount];
        var (count, rightFirst, rightSecond, onlyFirst, onlySecond) = (0, 0, 0, 0, 0);
        for (var i = 0; i < first.Count; i++)
        {
            if (first.PositiveArray[i] != positives)
                continue;
            var (a, b) = (first.ScoreArray[i] >= firstThreshold == positives ? 1 : 0, second.ScoreArray[i] >= secondThreshold == positives ? 1 : 0);
            var patient = first.PatientArray[i];
            sizes[patient]++;
            differences[patient] += b - a;
            (count, rightFirst, rightSecond, onlyFirst, onlySecond) = (count + 1, rightFirst + a, rightSecond + b, onlyFirst + (a & ~b), onlySecond + (b & ~a));
        }

        if ((first.IsWeighted ? Reasons.Weighted : count == 0 ? nothing : null) is { } reason)
            return new McNemar(name, Estimate.None(reason), Estimate.None(reason), onlyFirst, onlySecond, Estimate.None(reason), Untested(reason));
        var (p, interval) = ByPatient(sizes, differences, count);
        var exact = Math.Min(1, 2 * BinomialDistribution.AtMost(Math.Min(onlyFirst, onlySecond), onlyFirst + onlySecond, 0.5));
        return new McNemar(
            name,
            Proportion.Of(rightFirst, count, weighted: false, nothing),
            Proportion.Of(rightSecond, count, weighted: false, nothing),
            onlyFirst,
            onlySecond,
            Estimate.Of((double)(onlySecond - onlyFirst) / count, interval),
            [p, new PairedTest(PairedTestMethod.McNemar, exact)]);
    }

    private static ImmutableArray<PairedTest> Untested(string reason) =>
        [new PairedTest(PairedTestMethod.McNemarByPatient, null, reason), new PairedTest(PairedTestMethod.McNemar, null, reason)];

    /// <summary>The ratio of the patients' sums: its variance about 0 for the test, about itself for the interval.</summary>
    private static (PairedTest Test, Interval Interval) ByPatient(int[] sizes, int[] differences, int count)
    {
        double patients = sizes.Count(size => size > 0), mean = differences.Sum() / (double)count;
        double aboutZero = 0, aboutMean = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            aboutZero += (double)differences[i] * differences[i];
            aboutMean += Math.Pow(differences[i] - (sizes[i] * mean), 2);
        }

        if (patients < 2 || aboutZero == 0)
        {
            var reason = patients < 2 ? "fewer than two patients have samples of this class" : "the models decide alike about every patient";
            return (new PairedTest(PairedTestMethod.McNemarByPatient, null, reason), Interval.None(IntervalMethod.Normal, reason));
        }

        var correction = patients / (patients - 1);
        var z = mean * count / Math.Sqrt(correction * aboutZero);
        var half = NormalDistribution.Quantile975 * Math.Sqrt(correction * aboutMean) / count;
        var interval = half > 0
            ? new Interval(IntervalMethod.Normal, Math.Max(-1, mean - half), Math.Min(1, mean + half))
            : Interval.None(IntervalMethod.Normal, Reasons.NoVariance);
        return (new PairedTest(PairedTestMethod.McNemarByPatient, NormalDistribution.TwoSided(z)), interval);
    }
}
