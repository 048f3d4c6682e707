namespace Mammo.Evaluation.Numerics;

/// <summary>
/// Logistic regression with a ridge: the log-likelihood less half the ridge times the squared weights, the intercept left free
/// (le Cessie and van Houwelingen, Applied Statistics 41:191, 1992), by Newton's method. Deterministic.
/// </summary>
internal static class RidgeLogistic
{
    private const int MaximumSteps = 100;
    private const double Tolerance = 1e-10;

    /// <summary>Intercept and weights of the penalised maximum, the intercept first; null when it is not reached.</summary>
    /// <param name="features">Columns of the features, of one scale.</param>
    /// <param name="positives">Whether each sample is positive; both kinds are there.</param>
    /// <param name="sampleWeights">Weight of each sample, at least 0.</param>
    /// <param name="ridge">Above 0, so that separated classes and features that say the same have a solution too.</param>
    public static double[]? Fit(IReadOnlyList<double[]> features, bool[] positives, double[] sampleWeights, double ridge)
    {
        var size = features.Count + 1;
        var (coefficients, step) = (new double[size], new double[size]);
        var value = Objective(coefficients);
        for (var round = 0; round < MaximumSteps; round++)
        {
            var (gradient, curvature) = Derivatives(coefficients);
            if (!Cholesky.Solve(curvature, gradient, step))
                return null;
            double[] next = [.. coefficients.Zip(step, (coefficient, change) => coefficient + change)];
            var reached = Objective(next);
            // Newton overshoots far from the maximum; the objective is concave, so that half a step, or a half of it, leads upwards.
            for (var halves = 0; !(reached >= value) && halves < 60 && step.Max(Math.Abs) > Tolerance; halves++)
            {
                for (var k = 0; k < size; k++)
                    next[k] = coefficients[k] + (step[k] /= 2);
                reached = Objective(next);
            }

            (coefficients, value) = (next, reached);
            if (!double.IsFinite(value))
                return null;
            if (step.Max(Math.Abs) <= Tolerance * (1 + coefficients.Max(Math.Abs)))
                return coefficients;
        }

        return null;

        double Odds(double[] at, int sample)
        {
            var sum = at[0];
            for (var k = 1; k < size; k++)
                sum += at[k] * features[k - 1][sample];
            return sum;
        }

        double Objective(double[] at)
        {
            double sum = 0;
            for (var i = 0; i < positives.Length; i++)
            {
                // ln p of the sample's own class, without overflow.
                var odds = positives[i] ? Odds(at, i) : -Odds(at, i);
                sum += sampleWeights[i] * (Math.Min(odds, 0) - Math.Log(1 + Math.Exp(-Math.Abs(odds))));
            }

            for (var k = 1; k < size; k++)
                sum -= ridge / 2 * at[k] * at[k];
            return sum;
        }

        (double[] Gradient, double[,] Curvature) Derivatives(double[] at)
        {
            var (gradient, curvature, x) = (new double[size], new double[size, size], new double[size]);
            x[0] = 1;
            for (var i = 0; i < positives.Length; i++)
            {
                var p = Logit.Inverse(Odds(at, i));
                var (residual, spread) = (sampleWeights[i] * ((positives[i] ? 1 : 0) - p), sampleWeights[i] * p * (1 - p));
                for (var k = 1; k < size; k++)
                    x[k] = features[k - 1][i];
                for (var row = 0; row < size; row++)
                {
                    gradient[row] += residual * x[row];
                    for (var column = 0; column < size; column++)
                        curvature[row, column] += spread * x[row] * x[column];
                }
            }

            for (var k = 1; k < size; k++)
            {
                gradient[k] -= ridge * at[k];
                curvature[k, k] += ridge;
            }

            return (gradient, curvature);
        }
    }
}
