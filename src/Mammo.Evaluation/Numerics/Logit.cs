namespace Mammo.Evaluation.Numerics;

/// <summary>Log-odds of probabilities.</summary>
internal static class Logit
{
    /// <summary>Probabilities nearer than this to 0 or 1 are taken for it: a float32 softmax comes no nearer to 1 than 6e-8 before it says 1.</summary>
    public const double Margin = 1e-8;

    /// <summary>ln(p / (1 − p)) of a probability, kept off 0 and 1 by <see cref="Margin"/>.</summary>
    public static double Of(double p)
    {
        p = Clamp(p);
        return Math.Log(p / (1 - p));
    }

    /// <summary>The probability, kept off 0 and 1 by <see cref="Margin"/>.</summary>
    public static double Clamp(double p) => Math.Clamp(p, Margin, 1 - Margin);

    /// <summary>The probability of a log-odds.</summary>
    public static double Inverse(double x) => 1 / (1 + Math.Exp(-x));
}
