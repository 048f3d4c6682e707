using CsCheck;
using Mammo.Evaluation;
using Mammo.Evaluation.Roc;
using Mammo.Evaluation.Sets;
using Mammo.Torch.Training.Runs;

using static Mammo.Tests.Evaluation.EvaluationData;

namespace Mammo.Tests.Evaluation.Roc;

public sealed class DeLongTests
{
    public static TheoryData<string> Names => [.. Cases.Where(node => node!["deLongVariance"] is not null).Select(node => (string)node!["name"]!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Variances_equal_those_over_all_pairs(string name)
    {
        var data = Case(name);
        Assert.Equal((double)data["deLongVariance"]!, DeLong.Of(Set(data), byPatient: false).Variance(), 1e-15);
        if (data["clusteredVariance"] is { } clustered)
            Assert.Equal((double)clustered, DeLong.Of(Set(data), byPatient: true).Variance(), 1e-15);
    }

    /// <summary>Against the definition: every pair of a positive and a negative, sums by patient.</summary>
    [Fact]
    public void The_variance_by_patient_is_Obuchowskis() => Gen.Select(Gen.Int[0, 6], Gen.Bool, Gen.Int[0, 5]).Array[4, 30].Sample(samples =>
    {
        var known = samples.Select(sample => sample.Item3).Distinct().Order().ToList();
        int[] patients = [.. samples.Select(sample => known.IndexOf(sample.Item3))];
        var set = ScoredSet.Of([.. samples.Select(sample => (double)sample.Item1)], [.. samples.Select(sample => sample.Item2)], [], patients);
        var contributions = DeLong.Of(set, byPatient: true);
        if (contributions.Undefined(byPatient: true) is not null)
            return;
        double Wins(int positive, int negative) => set.Scores[positive] > set.Scores[negative] ? 1 : set.Scores[positive] == set.Scores[negative] ? 0.5 : 0;
        int[] above = [.. Enumerable.Range(0, set.Count).Where(i => set.Positives[i])];
        int[] below = [.. Enumerable.Range(0, set.Count).Where(i => !set.Positives[i])];
        var area = above.Average(i => below.Average(j => Wins(i, j)));
        double s10 = 0, s01 = 0, s11 = 0;
        for (var patient = 0; patient < known.Count; patient++)
        {
            var a = above.Where(i => patients[i] == patient).Sum(i => below.Average(j => Wins(i, j)) - area);
            var b = below.Where(j => patients[j] == patient).Sum(j => above.Average(i => Wins(i, j)) - area);
            (s10, s01, s11) = (s10 + (a * a), s01 + (b * b), s11 + (a * b));
        }

        double m = above.Length, n = below.Length, all = known.Count;
        double withPositives = above.Select(i => patients[i]).Distinct().Count(), withNegatives = below.Select(i => patients[i]).Distinct().Count();
        var variance = (s10 * withPositives / (withPositives - 1) / (m * m)) + (s01 * withNegatives / (withNegatives - 1) / (n * n));
        Assert.Equal(Math.Max(0, variance + (2 * s11 * all / (all - 1) / (m * n))), contributions.Variance(), 1e-12);
        Assert.Equal(area, contributions.Area, 1e-12);
    });

    [Fact]
    public void One_image_a_patient_gives_the_variance_by_image()
    {
        var data = Case("continuous");
        var (scores, labels) = (Numbers(data["scores"]), Numbers(data["labels"]).Select(label => label == 1).ToArray());
        int[] patients = [.. Enumerable.Range(0, scores.Length)];
        var byPatient = DeLong.Of(ScoredSet.Of(scores, labels, [], patients), byPatient: true);
        Assert.Equal(DeLong.Of(Set(data), byPatient: false).Variance(), byPatient.Variance(), 1e-15);
    }

    [Fact]
    public void The_logit_interval_stays_within_0_and_1_around_the_area()
    {
        // Nearly separated: 1.96 standard errors above the area is more than 1.
        double[] scores = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
        bool[] positives = [false, false, false, false, true, false, true, true];
        var auc = Evaluate(ScoredSet.Of(scores, positives, [], [0, 1, 2, 3, 4, 5, 6, 7]))[Statistic.Auc];
        Assert.Equal(1, auc.IntervalBy(IntervalMethod.DeLongByPatient)!.Upper);
        var logit = auc.IntervalBy(IntervalMethod.DeLongByPatientLogit)!;
        Assert.InRange(logit.Upper!.Value, auc.Value!.Value, 0.9999);
        Assert.InRange(logit.Lower!.Value, 0.0001, auc.Value!.Value);
        Assert.Equal(IntervalMethod.DeLongByPatientLogit, auc.Intervals[0].Method);
    }
}
