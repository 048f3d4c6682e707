using Mammo.Evaluation.Numerics;

namespace Mammo.Evaluation.Decisions;

/// <summary>
/// Predictive values of an operating point where the disease is as common as <see cref="Prevalence"/>, and not as in the set that was measured.
/// </summary>
/// <param name="Prevalence">Share of positives, above 0 and below 1.</param>
/// <param name="Positive">Positive predictive value.</param>
/// <param name="Negative">Negative predictive value.</param>
public sealed record PredictiveValues(double Prevalence, Estimate Positive, Estimate Negative)
{
    /// <summary>
    /// By Bayes's rule from sensitivity and specificity. The intervals are on the logit scale (Mercaldo, Lau and Zhou, Statistics in Medicine 26:2170,
    /// 2007) and take the samples as independent and the prevalence as known.
    /// </summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.EvaluationOptionInvalid"/>: the prevalence is not between 0 and 1.</exception>
    public static PredictiveValues Of(OperatingPoint point, double prevalence)
    {
        ArgumentNullException.ThrowIfNull(point);
        EvaluationOptions.CheckPrevalence(prevalence);
        if ((point.Sensitivity.Undefined ?? point.Specificity.Undefined) is { } reason)
            return new PredictiveValues(prevalence, Estimate.None(reason), Estimate.None(reason));
        var weighted = point.Sensitivity.Intervals.Any(interval => interval.Undefined is not null);
        var (positives, negatives) = (point.TruePositives + point.FalseNegatives, point.FalsePositives + point.TrueNegatives);
        var flagged = Share(prevalence, point.TruePositives, positives, 1 - prevalence, point.FalsePositives, negatives, weighted, Reasons.NothingFlagged);
        var cleared = Share(1 - prevalence, point.TrueNegatives, negatives, prevalence, point.FalseNegatives, positives, weighted, Reasons.NothingCleared);
        return new PredictiveValues(prevalence, flagged, cleared);
    }

    /// <summary>
    /// The share that is rightly decided so: <paramref name="right"/> of a class as common as its share, and of the other class <paramref name="wrong"/>.
    /// </summary>
    private static Estimate Share(
        double rightShare, double right, double rightClass, double wrongShare, double wrong, double wrongClass, bool weighted, string nothing)
    {
        var (good, bad) = (rightShare * right / rightClass, wrongShare * wrong / wrongClass);
        if (!(good + bad > 0))
            return Estimate.None(nothing);
        var value = good / (good + bad);
        if (weighted)
            return Estimate.Of(value, Interval.None(IntervalMethod.Logit, Reasons.Weighted));
        if (!(right > 0 && wrong > 0))
            return Estimate.Of(value, Interval.None(IntervalMethod.Logit, "no sample is decided so wrongly, or none rightly"));
        // The variance of the log of a share k/n is (1 − k/n)/k.
        var variance = ((1 - (right / rightClass)) / right) + ((1 - (wrong / wrongClass)) / wrong);
        var (middle, half) = (Math.Log(good / bad), NormalDistribution.Quantile975 * Math.Sqrt(variance));
        return Estimate.Of(value, new Interval(IntervalMethod.Logit, Logit.Inverse(middle - half), Logit.Inverse(middle + half)));
    }
}
