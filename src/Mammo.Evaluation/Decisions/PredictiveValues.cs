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
        if (!(prevalence > 0 && prevalence < 1))
            throw new MammoException(ErrorIds.EvaluationOptionInvalid, $"A prevalence of {prevalence} is not between 0 and 1.", "Give the share of positives where the model will be used, such as 0.006.");
        var (sensitivity, specificity) = (point.Sensitivity, point.Specificity);
        if ((sensitivity.Undefined ?? specificity.Undefined) is { } reason)
            return new PredictiveValues(prevalence, Estimate.None(reason), Estimate.None(reason));
        double hit = sensitivity.Value!.Value, alarm = point.FalsePositives / (point.FalsePositives + point.TrueNegatives);
        return new PredictiveValues(
            prevalence,
            Share(hit * prevalence, alarm * (1 - prevalence), point.TruePositives, point.FalseNegatives, point.FalsePositives, point.TrueNegatives, Reasons.NothingFlagged),
            Share((1 - alarm) * (1 - prevalence), (1 - hit) * prevalence, point.TrueNegatives, point.FalsePositives, point.FalseNegatives, point.TruePositives, Reasons.NothingCleared));

        Estimate Share(double right, double wrong, double rightIn, double rightOut, double wrongIn, double wrongOut, string nothing)
        {
            if (!(right + wrong > 0))
                return Estimate.None(nothing);
            return Estimate.Of(right / (right + wrong), Limits(right, wrong, rightIn, rightOut, wrongIn, wrongOut));
        }

        Interval Limits(double right, double wrong, double rightIn, double rightOut, double wrongIn, double wrongOut)
        {
            if (sensitivity.Intervals.Any(interval => interval.Undefined is not null))
                return Interval.None(IntervalMethod.Logit, Reasons.Weighted);
            if (!(right > 0 && wrong > 0))
                return Interval.None(IntervalMethod.Logit, "no sample of this kind is decided wrongly, or none rightly");
            // Variance of the log of a share of counts: (1 − p)/(p n) = out/(in n).
            var variance = (rightOut / (rightIn * (rightIn + rightOut))) + (wrongOut / (wrongIn * (wrongIn + wrongOut)));
            var (middle, half) = (Math.Log(right / wrong), NormalDistribution.Quantile975 * Math.Sqrt(variance));
            return new Interval(IntervalMethod.Logit, Logit.Inverse(middle - half), Logit.Inverse(middle + half));
        }
    }
}
