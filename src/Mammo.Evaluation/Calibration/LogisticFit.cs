using System.Numerics;
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
        var step = new double[parameters];
        var expected = double.PositiveInfinity;
        for (var round = 0; round < MaximumSteps; round++)
        {
            var (gradient, curvature) = Derivatives(coefficients, features, targets, weights, offset);
            // Newton overshoots far from the maximum: a step behind which the likelihood falls half as steeply as it rose before is halved.
            if (Along(gradient, step) < -expected / 2)
            {
                for (var k = 0; k < parameters; k++)
                    coefficients[k] -= step[k] /= 2;
                expected /= 2;
                continue;
            }

            if (!Cholesky.Solve(curvature, gradient, step))
                return null;
            expected = Along(gradient, step);
            var largest = 0.0;
            for (var k = 0; k < parameters; k++)
            {
                coefficients[k] += step[k];
                largest = Math.Max(largest, Math.Abs(step[k]) / (1 + Math.Abs(coefficients[k])));
            }

            if (!double.IsFinite(largest))
                return null;
            // Newton squares the error, so that of a step this small is below rounding.
            if (largest < 1e-8)
                return coefficients;
        }

        return null;
    }

    private static double Along(double[] gradient, double[] step)
    {
        double sum = 0;
        for (var k = 0; k < step.Length; k++)
            sum += gradient[k] * step[k];
        return sum;
    }

    /// <summary>First and negative second derivatives of the log-likelihood, in one pass of vectors; the sums' last digits depend on their width.</summary>
    private static (double[] Gradient, double[,] Curvature) Derivatives(
        double[] coefficients, ReadOnlySpan<double[]> features, double[] targets, double[]? weights, double[]? offset)
    {
        var (zero, one) = (Vector<double>.Zero, Vector<double>.One);
        Vector<double> g0 = zero, g1 = zero, g2 = zero, h00 = zero, h01 = zero, h02 = zero, h11 = zero, h12 = zero, h22 = zero;
        var first = features.Length > 0 ? features[0] : null;
        var second = features.Length > 1 ? features[1] : null;
        Vector<double> intercept = new(coefficients[0]), slope = new(first is null ? 0 : coefficients[1]), slope2 = new(second is null ? 0 : coefficients[2]);
        for (var i = 0; i < targets.Length; i += Vector<double>.Count)
        {
            // Beyond the end weights are 0.
            var weight = Lanes(weights, i, targets.Length, 1);
            Vector<double> x1 = Lanes(first, i, targets.Length, 0), x2 = Lanes(second, i, targets.Length, 0), target = Lanes(targets, i, targets.Length, 0);
            var odds = intercept + (slope * x1) + (slope2 * x2) + Lanes(offset, i, targets.Length, 0);
            var small = Vector.Exp(-Vector.Abs(odds));
            var p = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(odds, zero), one, small) / (one + small);
            var residual = weight * (target - p);
            var curvature = weight * small / ((one + small) * (one + small));
            g0 += residual;
            h00 += curvature;
            if (first is null)
                continue;
            g1 += residual * x1;
            h01 += curvature * x1;
            h11 += curvature * x1 * x1;
            if (second is null)
                continue;
            g2 += residual * x2;
            h02 += curvature * x2;
            h12 += curvature * x1 * x2;
            h22 += curvature * x2 * x2;
        }

        var (s01, s02, s12) = (Vector.Sum(h01), Vector.Sum(h02), Vector.Sum(h12));
        return (
            [Vector.Sum(g0), Vector.Sum(g1), Vector.Sum(g2)],
            new[,] { { Vector.Sum(h00), s01, s02 }, { s01, Vector.Sum(h11), s12 }, { s02, s12, Vector.Sum(h22) } });
    }

    /// <summary>The values from a place on, 0 beyond the end; a constant where there is no column.</summary>
    private static Vector<double> Lanes(double[]? column, int start, int length, double constant)
    {
        if (start + Vector<double>.Count <= length)
            return column is null ? new Vector<double>(constant) : new Vector<double>(column, start);
        Span<double> rest = stackalloc double[Vector<double>.Count];
        rest.Clear();
        if (column is null)
            rest[..(length - start)].Fill(constant);
        else
            column.AsSpan(start).CopyTo(rest);
        return new Vector<double>(rest);
    }
}
