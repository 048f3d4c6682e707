namespace Mammo.Evaluation.Decisions;

/// <summary>What decisions shall be worth: predictive values that hold with a confidence, over the draw of the validation set.</summary>
public sealed record RiskPromise
{
    /// <summary>Least share of negatives among those that are decided negative, above 0 and below 1; null when nobody shall be.</summary>
    public double? NegativePredictiveValue { get; init; }

    /// <summary>Least share of positives among those that are decided positive, above 0 and below 1; null when nobody shall be.</summary>
    public double? PositivePredictiveValue { get; init; }

    /// <summary>Probability that all promises are kept, above 0 and below 1. With two promises each gets half of the rest.</summary>
    public double Confidence { get; init; } = 0.9;

    /// <summary>Error level of each promise.</summary>
    internal double Level => (1 - Confidence) / (NegativePredictiveValue is null || PositivePredictiveValue is null ? 1 : 2);

    /// <summary>Throws where a number is out of its range.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.EvaluationOptionInvalid"/>.</exception>
    internal void Check()
    {
        if (NegativePredictiveValue is null && PositivePredictiveValue is null)
            throw Invalid("No predictive value is promised.");
        CheckShare("negative predictive value", NegativePredictiveValue);
        CheckShare("positive predictive value", PositivePredictiveValue);
        CheckShare("confidence", Confidence);
    }

    private static void CheckShare(string name, double? value)
    {
        if (value is not null && !(value > 0 && value < 1))
            throw Invalid($"A {name} of {value} is not between 0 and 1.");
    }

    private static MammoException Invalid(string what) =>
        new(ErrorIds.EvaluationOptionInvalid, what, "Give shares between 0 and 1, such as 0.99, 0.3 and a confidence of 0.9.");
}
