using Mammo.Evaluation.Calibration;
using Mammo.Evaluation.Numerics;

namespace Mammo.Tests.Evaluation.Numerics;

public sealed class RidgeLogisticTests
{
    private const int Count = 200;

    private static readonly double[][] Features = [Column(7, 0), Column(11, 1), Column(13, 2)];
    private static readonly bool[] Positives = [.. Enumerable.Range(0, Count).Select(i => Features[0][i] + (((i * 17) % Count) / (double)Count) > 0.7)];
    private static readonly double[] Weights = [.. Enumerable.Range(0, Count).Select(i => 0.5 + (i % 3))];

    [Theory]
    [InlineData(0.01)]
    [InlineData(1)]
    [InlineData(1000)]
    public void The_penalised_gradient_vanishes_at_the_solution(double ridge)
    {
        var solution = RidgeLogistic.Fit(Features, Positives, Weights, ridge)!;
        for (var k = 0; k <= Features.Length; k++)
        {
            var gradient = k == 0 ? 0 : -ridge * solution[k];
            for (var i = 0; i < Count; i++)
            {
                var odds = solution[0] + Features.Select((column, j) => solution[j + 1] * column[i]).Sum();
                gradient += Weights[i] * ((Positives[i] ? 1 : 0) - (1 / (1 + Math.Exp(-odds)))) * (k == 0 ? 1 : Features[k - 1][i]);
            }

            Assert.Equal(0, gradient, 1e-7);
        }
    }

    [Fact]
    public void Without_a_ridge_to_speak_of_it_is_the_fit_of_calibration()
    {
        double[][] two = [Features[0], Features[1]];
        double[] targets = [.. Positives.Select((positive, i) => positive != (i % 4 == 0) ? 1.0 : 0)];
        bool[] positives = [.. targets.Select(target => target > 0)];
        var expected = LogisticFit.Fit(two, targets, Weights)!;
        var found = RidgeLogistic.Fit(two, positives, Weights, 1e-9)!;
        for (var k = 0; k < expected.Length; k++)
            Assert.Equal(expected[k], found[k], 1e-6);
    }

    [Fact]
    public void Separated_classes_and_equal_features_have_a_finite_solution_that_shares_the_weight()
    {
        double[] column = [.. Enumerable.Range(0, 20).Select(i => i / 20.0)];
        bool[] positives = [.. column.Select(value => value > 0.5)];
        double[] ones = [.. column.Select(_ => 1.0)];
        var solution = RidgeLogistic.Fit([column, column], positives, ones, 1e-3)!;
        Assert.True(solution[1] > 1 && double.IsFinite(solution[1]));
        Assert.Equal(solution[1], solution[2], 1e-6);
    }

    private static double[] Column(int step, int shift) =>
        [.. Enumerable.Range(0, Count).Select(i => ((((i + shift) * step) % Count) / (double)Count) - (shift * 0.3))];
}
