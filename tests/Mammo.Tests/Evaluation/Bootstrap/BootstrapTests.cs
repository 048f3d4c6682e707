using Mammo.Evaluation;
using Mammo.Evaluation.Bootstrap;
using Mammo.Evaluation.Measurement;
using Mammo.Evaluation.Sets;
using Mammo.Torch.Training.Runs;

using static Mammo.Tests.Evaluation.EvaluationData;

namespace Mammo.Tests.Evaluation.Bootstrap;

public sealed class BootstrapTests
{
    [Fact]
    public void Statistics_of_a_draw_are_those_of_a_set_with_the_patients_as_often()
    {
        var set = Set(Case("patients"));
        int[] draws = [.. Enumerable.Range(0, set.PatientCount).Select(patient => patient % 4)];
        int[] samples = [.. Enumerable.Range(0, set.Count).SelectMany(i => Enumerable.Repeat(i, draws[set.Patients[i]]))];
        var drawn = ScoredSet.Of([.. samples.Select(i => set.Scores[i])], [.. samples.Select(i => set.Positives[i])]);
        var (values, expected) = (new double[SetStatistics.Count], new double[SetStatistics.Count]);
        new SetStatistics(set).Copy().Compute(draws, values);
        new SetStatistics(drawn).Compute([], expected);
        Equal(expected, values, 1e-10);

        // Weights say the same: each sample once, weighing as many times as its patient was drawn.
        var weighted = ScoredSet.Of(set.Scores, set.Positives, [.. Enumerable.Range(0, set.Count).Select(i => (double)draws[set.Patients[i]])]);
        new SetStatistics(weighted).Compute([], values);
        Equal(expected, values, 1e-10);
    }

    [Fact]
    public void The_same_seed_gives_the_same_replicates_and_another_seed_others()
    {
        var set = Set(Case("patients"));
        Assert.Equal(Replicates(1), Replicates(1));
        Assert.NotEqual(Replicates(1), Replicates(2));
        // Patients are drawn, not images: each replicate's sizes add up to the number of patients.
        var sizes = PatientBootstrap.Run(30, 1, 100, 1, () => (draws, values) => values[0] = Sum(draws), TestContext.Current.CancellationToken);
        Assert.All(sizes.Replicates[0], sum => Assert.Equal(30, sum));

        double[] Replicates(long seed) =>
            PatientBootstrap.Run(set.PatientCount, SetStatistics.Count, 200, seed, () => new SetStatistics(set).Compute, TestContext.Current.CancellationToken)
                .Replicates[0];
        static int Sum(ReadOnlySpan<int> values)
        {
            var sum = 0;
            foreach (var value in values)
                sum += value;
            return sum;
        }
    }

    [Fact]
    public void Leaving_out_groups_of_many_patients_gives_the_acceleration_of_leaving_out_each()
    {
        // A skewed mean of 5000 patients: 5 in a group.
        var random = new Random(2);
        double[] values = [.. Enumerable.Range(0, 5000).Select(_ => -Math.Log(1 - random.NextDouble()))];
        var run = PatientBootstrap.Run(5000, 1, 100, 1, () => Mean, TestContext.Current.CancellationToken);
        Assert.Equal(1000, run.LeftOut[0].Length);
        Assert.Equal(Acceleration([.. values.Select(value => (values.Sum() - value) / 4999)]), Acceleration(run.LeftOut[0]), 0.002);

        void Mean(ReadOnlySpan<int> draws, Span<double> target)
        {
            double sum = 0, count = 0;
            for (var i = 0; i < draws.Length; i++)
                (sum, count) = (sum + (draws[i] * values[i]), count + draws[i]);
            target[0] = sum / count;
        }

        static double Acceleration(double[] leftOut)
        {
            var mean = leftOut.Average();
            return leftOut.Sum(value => Math.Pow(mean - value, 3)) / (6 * Math.Pow(leftOut.Sum(value => Math.Pow(mean - value, 2)), 1.5));
        }
    }

    [Fact]
    public void A_cancelled_bootstrap_ends()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Evaluator.Evaluate(Set(Case("patients")), new EvaluationOptions { Bootstrap = 1000 }, source.Token));
    }

    [Fact]
    public void Too_many_undefined_replicates_are_no_interval()
    {
        var set = ScoredSet.Of([0.1, 0.2, 0.3, 0.4, 0.35], [false, false, false, false, true], [], [0, 1, 2, 3, 4]);
        var interval = Evaluate(set, new EvaluationOptions { Bootstrap = 1000 })[Statistic.Auc].IntervalBy(IntervalMethod.BootstrapBca)!;
        Assert.Contains("undefined in", interval.Undefined, StringComparison.Ordinal);
    }
}
