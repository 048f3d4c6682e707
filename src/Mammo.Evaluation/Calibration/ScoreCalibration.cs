using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Mammo.Evaluation.Numerics;

namespace Mammo.Evaluation.Calibration;

/// <summary>A map from scores to probabilities that was fitted on validation predictions. It never reverses the order of two scores.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "method")]
[JsonDerivedType(typeof(Platt), "platt")]
[JsonDerivedType(typeof(Beta), "beta")]
[JsonDerivedType(typeof(Isotonic), "isotonic")]
public abstract record ScoreCalibration
{
    private ScoreCalibration()
    {
    }

    /// <summary>What makes the map unusable, for maps that were read from a file; null when it is fit for use.</summary>
    [JsonIgnore]
    public abstract string? Complaint { get; }

    /// <summary>The probability of a score.</summary>
    /// <param name="score">0..1.</param>
    /// <returns>0..1.</returns>
    public abstract double Apply(double score);

    /// <summary>
    /// A logistic curve over the log-odds of the score: two numbers, the choice for small validation sets (Platt, Advances in Large Margin Classifiers,
    /// 1999).
    /// </summary>
    /// <param name="Slope">Factor of the log-odds, at least 0.</param>
    /// <param name="Intercept">Added to them.</param>
    public sealed record Platt(double Slope, double Intercept) : ScoreCalibration
    {
        /// <inheritdoc/>
        public override string? Complaint =>
            Slope >= 0 && double.IsFinite(Slope) && double.IsFinite(Intercept) ? null : "its slope or intercept is out of range";

        /// <inheritdoc/>
        public override double Apply(double score) => Logit.Inverse((Slope * Logit.Of(score)) + Intercept);
    }

    /// <summary>
    /// Odds of <c>s^A / (1−s)^B · e^C</c>: three numbers, which can bend the two ends differently (Kull, Silva Filho and Flach, AISTATS 2017).
    /// </summary>
    /// <param name="A">Exponent of the score, at least 0.</param>
    /// <param name="B">Exponent of its complement, at least 0.</param>
    /// <param name="C">Added to the log-odds.</param>
    public sealed record Beta(double A, double B, double C) : ScoreCalibration
    {
        /// <inheritdoc/>
        public override string? Complaint =>
            A >= 0 && B >= 0 && double.IsFinite(A) && double.IsFinite(B) && double.IsFinite(C) ? null : "one of its three numbers is out of range";

        /// <inheritdoc/>
        public override double Apply(double score)
        {
            var p = Logit.Clamp(score);
            return Logit.Inverse((A * Math.Log(p)) - (B * Math.Log(1 - p)) + C);
        }
    }

    /// <summary>
    /// The ascending steps of least squared error, joined by straight lines: for large validation sets. Scores outside them get the probability of the
    /// nearest end (scikit-learn's <c>IsotonicRegression</c> with
    /// <c>out_of_bounds="clip"</c>).
    /// </summary>
    /// <param name="Scores">Where the lines meet, strictly ascending.</param>
    /// <param name="Probabilities">The probabilities there, ascending.</param>
    public sealed record Isotonic(ImmutableArray<double> Scores, ImmutableArray<double> Probabilities) : ScoreCalibration
    {
        /// <inheritdoc/>
        public override string? Complaint
        {
            get
            {
                if (Scores.IsDefaultOrEmpty || Probabilities.IsDefault || Scores.Length != Probabilities.Length)
                    return "it has not one probability for each of its scores";
                for (var i = 0; i < Scores.Length; i++)
                {
                    if (!double.IsFinite(Scores[i]) || !(Probabilities[i] is >= 0 and <= 1))
                        return "one of its scores or probabilities is out of range";
                    if (i > 0 && !(Scores[i] > Scores[i - 1] && Probabilities[i] >= Probabilities[i - 1]))
                        return "its scores or probabilities are not in ascending order";
                }

                return null;
            }
        }

        /// <inheritdoc/>
        public override double Apply(double score)
        {
            var place = Scores.BinarySearch(score);
            if (place >= 0)
                return Probabilities[place];
            var right = ~place;
            if (right == 0 || right == Scores.Length)
                return Probabilities[Math.Min(right, Scores.Length - 1)];
            var share = (score - Scores[right - 1]) / (Scores[right] - Scores[right - 1]);
            return Probabilities[right - 1] + ((Probabilities[right] - Probabilities[right - 1]) * share);
        }
    }
}
