using Mammo.Evaluation.Numerics;

namespace Mammo.Evaluation.Calibration;

/// <summary>Logistic regression with an intercept and up to two features by Newton's method, to the last digits.</summary>
internal static class LogisticFit
{
    private const int MaximumSteps = 100;

    /// <summary>
    /// Coefficients of largest likelihood, the intercept first; null when there are none: the classes can be separated, or the features say the same.
    /// </summary>
    /// <param name="features">Columns of the features; empty for an intercept alone.</param>
    /// <param name="targets">What is to be met, 0..1.</param>
    /// <param name="weights">Weights; null for 1 each.</param>
    /// <param name="offset">Added to the log-odds of each sample; null for none.</param>
    /// <param name="start">Where to begin; null for zeros.</param>
    public static double[]? Fit(ReadOnlySpan<double[]> features, double[] targets, double[]? weights, double[]? offset = null, double[]? start = null)
    {
        var parameters = features.Length + 1;
        var coefficients = start is null ? new double[parameters] : [.. start];
        var likelihood = double.NegativeInfinity;
        var step = new double[parameters];
        var shorter = 0;
        for (var round = 0; round < MaximumSteps; round++)
        {
            var (value, gradient, curvature) = Derivatives(coefficients, features, targets, weights, offset);
            // Newton overshoots far from the maximum: half the step until the likelihood grows. At the maximum it only rounds.
            if (value < likelihood - (1e-9 * Math.Abs(likelihood)))
            {
                if (++shorter > 50)
                    return null;
                for (var k = 0; k < parameters; k++)
                    coefficients[k] -= step[k] /= 2;
                continue;
            }

            (likelihood, shorter) = (value, 0);
            if (!Solve(curvature, gradient, step))
                return null;
            var largest = 0.0;
            for (var k = 0; k < parameters; k++)
            {
                coefficients[k] += step[k];
                largest = Math.Max(largest, Math.Abs(step[k]) / (1 + Math.Abs(coefficients[k])));
            }

            if (!double.IsFinite(largest))
                return null;
            // Newton squares the error, so that of a step this small is below rounding.
            if (largest < 1e-9)
                return coefficients;
        }

        return null;
    }

    private static (double Likelihood, double[] Gradient, double[,] Curvature) Derivatives(
        double[] coefficients, ReadOnlySpan<double[]> features, double[] targets, double[]? weights, double[]? offset)
    {
        double likelihood = 0, g0 = 0, g1 = 0, g2 = 0, h00 = 0, h01 = 0, h02 = 0, h11 = 0, h12 = 0, h22 = 0;
        double[] first = features.Length > 0 ? features[0] : [], second = features.Length > 1 ? features[1] : [];
        double intercept = coefficients[0], slope = first.Length > 0 ? coefficients[1] : 0, slope2 = second.Length > 0 ? coefficients[2] : 0;
        for (var i = 0; i < targets.Length; i++)
        {
            var weight = weights is null ? 1 : weights[i];
            if (weight == 0)
                continue;
            double x1 = first.Length > 0 ? first[i] : 0, x2 = second.Length > 0 ? second[i] : 0;
            var odds = intercept + (slope * x1) + (slope2 * x2) + (offset is null ? 0 : offset[i]);
            var small = Math.Exp(-Math.Abs(odds));
            var p = (odds >= 0 ? 1 : small) / (1 + small);
            likelihood += weight * ((targets[i] * odds) - Math.Max(odds, 0) - Math.Log(1 + small));
            var residual = weight * (targets[i] - p);
            var curvature = weight * small / ((1 + small) * (1 + small));
            g0 += residual;
            g1 += residual * x1;
            g2 += residual * x2;
            h00 += curvature;
            h01 += curvature * x1;
            h02 += curvature * x2;
            h11 += curvature * x1 * x1;
            h12 += curvature * x1 * x2;
            h22 += curvature * x2 * x2;
        }

        return (likelihood, [g0, g1, g2], new[,] { { h00, h01, h02 }, { h01, h11, h12 }, { h02, h12, h22 } });
    }

    /// <summary>Cholesky's method; false when the matrix is singular: the curvature of a maximum is positive.</summary>
    private static bool Solve(double[,] matrix, double[] right, double[] solution)
    {
        var size = solution.Length;
        var root = new double[size, size];
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column <= row; column++)
            {
                var sum = matrix[row, column];
                for (var k = 0; k < column; k++)
                    sum -= root[row, k] * root[column, k];
                if (row != column)
                {
                    root[row, column] = sum / root[column, column];
                    continue;
                }

                if (!(sum > matrix[row, row] * 1e-13))
                    return false;
                root[row, row] = Math.Sqrt(sum);
            }
        }

        for (var row = 0; row < size; row++)
        {
            var sum = right[row];
            for (var k = 0; k < row; k++)
                sum -= root[row, k] * solution[k];
            solution[row] = sum / root[row, row];
        }

        for (var row = size - 1; row >= 0; row--)
        {
            var sum = solution[row];
            for (var k = row + 1; k < size; k++)
                sum -= root[k, row] * solution[k];
            solution[row] = sum / root[row, row];
        }

        return true;
    }
}
