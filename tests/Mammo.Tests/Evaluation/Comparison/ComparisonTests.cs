using Mammo.Evaluation;
using Mammo.Evaluation.Comparison;
using Mammo.Evaluation.Numerics;
using Mammo.Evaluation.Sets;
using Mammo.PowerShell.Common;
using Mammo.Torch.Training.Runs;

using static Mammo.Tests.Evaluation.EvaluationData;

namespace Mammo.Tests.Evaluation.Comparison;

public sealed class ComparisonTests
{
    private static PairedSet Pair()
    {
        var data = Read("curves.json")["paired"]!;
        bool[] positives = [.. Numbers(data["labels"]).Select(label => label == 1)];
        var patients = Integers(data["patients"]);
        return PairedSet.Of(ScoredSet.Of(Numbers(data["first"]), positives, [], patients), ScoredSet.Of(Numbers(data["second"]), positives, [], patients));
    }

    [Fact]
    public void Paired_areas_equal_the_definition_over_all_pairs()
    {
        var data = Read("curves.json")["paired"]!;
        var auc = Compare(Pair())[Statistic.Auc];
        Assert.Equal((double)data["difference"]!, auc.Difference.Value!.Value, 1e-12);
        foreach (var (method, test, key) in new[]
        {
            (IntervalMethod.DeLongByPatient, PairedTestMethod.DeLongByPatient, "byPatient"), (IntervalMethod.DeLong, PairedTestMethod.DeLong, "byImage"),
        })
        {
            var half = 1.959963984540054 * Math.Sqrt((double)data[key]!["variance"]!);
            Assert.Equal(auc.Difference.Value!.Value + half, auc.Difference.IntervalBy(method)!.Upper!.Value, 1e-10);
            Assert.Equal((double)data[key]!["p"]!, auc.Tests.Single(result => result.Method == test).P!.Value, 1e-10);
        }
    }

    [Fact]
    public void A_paired_bootstrap_agrees_with_DeLong_and_covers_every_statistic()
    {
        var comparison = Compare(Pair(), new EvaluationOptions { Bootstrap = 2000, Seed = 3 });
        var auc = comparison[Statistic.Auc];
        var (deLong, bootstrap) = (auc.Difference.IntervalBy(IntervalMethod.DeLongByPatient)!, auc.Difference.IntervalBy(IntervalMethod.BootstrapPercentile)!);
        Assert.Equal(deLong.Lower!.Value, bootstrap.Lower!.Value, 0.02);
        Assert.Equal(deLong.Upper!.Value, bootstrap.Upper!.Value, 0.02);
        Assert.Equal(P(PairedTestMethod.DeLongByPatient), P(PairedTestMethod.Bootstrap), 0.05);
        Assert.All(
            comparison.Differences, difference => Assert.Equal(difference.Second!.Value - difference.First!.Value, difference.Difference.Value!.Value, 1e-15));
        Assert.All(comparison.Differences, difference => Assert.NotNull(difference.Difference.IntervalBy(IntervalMethod.BootstrapBca)));

        double P(PairedTestMethod method) => auc.Tests.Single(test => test.Method == method).P!.Value;
    }

    [Fact]
    public void A_model_against_itself_has_no_difference_and_no_p_value()
    {
        var set = Pair().First;
        var comparison = Compare(PairedSet.Of(set, set), new EvaluationOptions { Bootstrap = 200 }, (0.5, 0.5));
        Assert.All(comparison.Differences, difference => Assert.Equal(0, difference.Difference.Value));
        Assert.All(comparison[Statistic.Auc].Tests, test => Assert.True(test.P is null && test.Undefined is not null));
        Assert.All(comparison.Decisions, decision => Assert.Equal((null, 1), (decision.Tests[0].P, decision.Tests[1].P)));
    }

    [Fact]
    public void McNemars_exact_test_equals_scipys()
    {
        foreach (var row in Read("distributions.json")["mcnemar"]!.AsArray().Select(Numbers))
        {
            var (b, c) = ((int)row[0], (int)row[1]);
            // Only the first model flags b positives, only the second c of them, and both 5.
            double[] first = [.. Enumerable.Repeat(0.9, b), .. Enumerable.Repeat(0.1, c), .. Enumerable.Repeat(0.9, 5), 0.1];
            double[] second = [.. Enumerable.Repeat(0.3, b), .. Enumerable.Repeat(0.6, c), .. Enumerable.Repeat(0.8, 5), 0.1];
            bool[] positives = [.. Enumerable.Repeat(true, b + c + 5), false];
            var test = McNemar.Of(PairedSet.Of(ScoredSet.Of(first, positives), ScoredSet.Of(second, positives)), 0.5, 0.4, positives: true);
            Assert.Equal((b, c), (test.OnlyFirst, test.OnlySecond));
            Assert.Equal(row[2], test.Tests[1].P!.Value, 1e-12);
            Assert.Equal((c - b) / (b + c + 5.0), test.Difference.Value!.Value, 1e-12);
        }
    }

    [Fact]
    public void McNemars_test_by_patient_counts_patients()
    {
        // Differences of 2, 1, -1, 0 in four patients: z = 2 / sqrt(4/3 · 6).
        bool[] positives = [.. Enumerable.Repeat(true, 8)];
        var first = ScoredSet.Of([0, 0, 0, 1, 1, 1, 0, 0], positives, [], [0, 0, 1, 1, 2, 2, 3, 3]);
        var second = ScoredSet.Of([1, 1, 1, 1, 0, 1, 0, 0], positives, [], [0, 0, 1, 1, 2, 2, 3, 3]);
        var test = McNemar.Of(PairedSet.Of(first, second), 0.5, 0.5, positives: true);
        var z = 2 / Math.Sqrt(4 / 3.0 * 6);
        Assert.Equal(2 * NormalDistribution.Cdf(-z), test.Tests[0].P!.Value, 1e-12);
        Assert.Contains("no negative", McNemar.Of(PairedSet.Of(first, second), 0.5, 0.5, positives: false).Difference.Undefined, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_are_paired_by_name_and_patients_by_the_first_run()
    {
        var (one, other) = (new ScoredSetBuilder(), new ScoredSetBuilder());
        one.Add("a", 0.1, false, "P1", "L");
        one.Add("b", 0.9, true, "P2", "L");
        one.Add("c", 0.3, true, "P2", "R");
        other.Add("c", 0.7, true, "P2", "R");
        other.Add("b", 0.8, true, "P2", "L");
        other.Add("a", 0.2, false, "P1", "L");
        var pair = PairedSet.Of(one.ToSet(), other.ToSet());
        Assert.Equal([0.2, 0.8, 0.7], pair.Second.Scores.ToArray());
        Assert.Equal([0.2, 0.75], pair.By(EvaluationUnit.Patient).Second.Scores.ToArray());
    }

    [Theory]
    [InlineData("a", false, "P1", null, 1, "scored twice")]
    [InlineData("c", false, "P1", null, 1, "once more")]
    [InlineData("b", false, "P2", null, 1, "positive in one run")]
    [InlineData("b", true, "P1", null, 1, "another patient")]
    [InlineData("b", true, "P2", "R", 1, "second run only")]
    [InlineData("b", true, "P2", null, 2, "another weight")]
    public void Other_test_sets_are_refused(string id, bool positive, string? patient, string? side, double weight, string why)
    {
        var (one, other) = (new ScoredSetBuilder(), new ScoredSetBuilder());
        one.Add("a", 0.1, false, "P1");
        one.Add("b", 0.9, true, "P2");
        other.Add("a", 0.1, false, patient is null ? null : "P1", side);
        other.Add(id, 0.9, positive, patient, side, weight);
        var error = Assert.Throws<MammoException>(() => PairedSet.Of(one.ToSet(), other.ToSet()));
        Assert.Equal(ErrorIds.TestSetsDiffer, error.ErrorId);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Patients_and_breasts_that_the_second_run_does_not_know_are_the_first_ones()
    {
        var (one, other) = (new ScoredSetBuilder(), new ScoredSetBuilder());
        one.Add("a", 0.1, false, "P1", "L");
        one.Add("b", 0.9, true, "P2", "L");
        one.Add("c", 0.3, true, "P2", "R");
        other.Add("c", 0.7, true);
        other.Add("b", 0.8, true);
        other.Add("a", 0.2, false);
        Assert.Equal([0.2, 0.75], PairedSet.Of(one.ToSet(), other.ToSet()).By(EvaluationUnit.Patient).Second.Scores.ToArray());
        Assert.Equal([0.2, 0.8, 0.7], PairedSet.Of(one.ToSet(), other.ToSet()).By(EvaluationUnit.Breast).Second.Scores.ToArray());
        var error = Assert.Throws<MammoException>(() => PairedSet.Of(other.ToSet(), one.ToSet()));
        Assert.Contains("second run only", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_or_one_class_comparison_is_undefined()
    {
        var empty = ScoredSet.Of([], []);
        Assert.All(Compare(PairedSet.Of(empty, empty)).Differences, difference => Assert.NotNull(difference.Difference.Undefined));
        var one = ScoredSet.Of([0.1, 0.2], [true, true]);
        Assert.All(
            Compare(PairedSet.Of(one, one), new EvaluationOptions { Bootstrap = 100 }).Differences,
            difference => Assert.True(difference.Difference.Undefined is not null && difference.First is null));
    }

    private static ModelComparison Compare(PairedSet pair, EvaluationOptions? options = null, (double, double)? thresholds = null) =>
        ModelComparison.Of(pair, thresholds, options, TestContext.Current.CancellationToken);
}
