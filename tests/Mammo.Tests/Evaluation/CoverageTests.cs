using Mammo.Evaluation;
using Mammo.Evaluation.Comparison;
using Mammo.Evaluation.Measurement;
using Mammo.Evaluation.Numerics;
using Mammo.Evaluation.Sets;
using Mammo.PowerShell.Common;
using Mammo.Tests.Evaluation.Decisions;

namespace Mammo.Tests.Evaluation;

/// <summary>Small simulations with fixed seeds; docs/evaluation.md has the large ones.</summary>
public sealed class CoverageTests
{
    private const int Sets = 400;

    [Fact]
    public void Intervals_by_patient_cover_and_those_by_image_do_not()
    {
        var (byPatient, byImage) = (0, 0);
        for (var seed = 0; seed < Sets; seed++)
        {
            var (set, _, truth) = Patients(seed);
            var auc = Evaluator.Evaluate(set, cancellation: TestContext.Current.CancellationToken)[Statistic.Auc];
            byPatient += Covers(auc.IntervalBy(IntervalMethod.DeLongByPatientLogit)!, truth);
            byImage += Covers(auc.IntervalBy(IntervalMethod.DeLong)!, truth);
        }

        // 95% of 400 with three standard deviations of 4.4.
        Assert.InRange(byPatient, 367, 393);
        Assert.True(byImage < 366, $"{byImage}");
    }

    [Fact]
    public void A_true_null_is_rejected_in_about_5_of_100_comparisons_by_patient()
    {
        var (byPatient, byImage) = (0, 0);
        for (var seed = 0; seed < Sets; seed++)
        {
            var (first, second, _) = Patients(seed);
            var tests = ModelComparison.Of(PairedSet.Of(first, second), cancellation: TestContext.Current.CancellationToken)[Statistic.Auc].Tests;
            byPatient += tests.Single(test => test.Method == PairedTestMethod.DeLongByPatient).P < 0.05 ? 1 : 0;
            byImage += tests.Single(test => test.Method == PairedTestMethod.DeLong).P < 0.05 ? 1 : 0;
        }

        Assert.InRange(byPatient, 7, 33);
        Assert.True(byImage > byPatient);
    }

    private static int Covers(Interval interval, double value) => interval.Lower <= value && value <= interval.Upper ? 1 : 0;

    /// <summary>
    /// 120 patients with two to four images, whose scores share half of their variance within a patient; the area is that of normal distributions one
    /// standard deviation apart.
    /// </summary>
    private static (ScoredSet First, ScoredSet Second, double Area) Patients(int seed)
    {
        var random = new Random(seed);
        var (first, second, positives, patients) = (new List<double>(), new List<double>(), new List<bool>(), new List<int>());
        for (var patient = 0; patient < 120; patient++)
        {
            var sick = random.NextDouble() < 0.4;
            var (one, other) = (DecisionTests.Gauss(random), DecisionTests.Gauss(random));
            for (var image = random.Next(2, 5); image > 0; image--)
            {
                positives.Add(sick);
                patients.Add(patient);
                first.Add(Math.Sqrt(0.5) * (one + DecisionTests.Gauss(random)) + (sick ? 1 : 0));
                second.Add(Math.Sqrt(0.5) * (other + DecisionTests.Gauss(random)) + (sick ? 1 : 0));
            }
        }

        bool[] labels = [.. positives];
        int[] numbers = [.. patients];
        return (ScoredSet.Of([.. first], labels, [], numbers), ScoredSet.Of([.. second], labels, [], numbers), NormalDistribution.Cdf(1 / Math.Sqrt(2)));
    }
}
