namespace Mammo.Evaluation;

/// <summary>Whether numbers are the probabilities of classes that exclude each other.</summary>
public static class ScoreCheck
{
    // Each of a few outputs of a bfloat16 network is rounded to 8 bits.
    private const double SumTolerance = 0.01;
    private const double Rounding = 1e-6;

    /// <summary>What is wrong with the probabilities of one image, as the end of a sentence; null when nothing is.</summary>
    /// <param name="probabilities">One number per class.</param>
    public static string? Fault(NamedTable<double> probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        if (probabilities.Values.Any(value => !(value >= -Rounding && value <= 1 + Rounding)))
            return "are not all from 0 to 1";
        return Math.Abs(probabilities.Values.Sum() - 1) <= SumTolerance
            ? null
            : FormattableString.Invariant($"sum to {probabilities.Values.Sum():0.####}, not 1");
    }
}
