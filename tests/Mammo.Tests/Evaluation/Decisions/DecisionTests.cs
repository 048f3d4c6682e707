using CsCheck;
using Mammo.Evaluation.Decisions;
using Mammo.Evaluation.Numerics;
using Mammo.Evaluation.Sets;

namespace Mammo.Tests.Evaluation.Decisions;

public sealed class DecisionTests
{
    [Fact]
    public void Operating_points_are_the_best_that_keep_their_target() => Gen.Select(Gen.Int[0, 8], Gen.Bool).Array[2, 40].Sample(samples =>
    {
        double[] scores = [.. samples.Select(sample => sample.Item1 / 8.0)];
        bool[] positives = [.. samples.Select(sample => sample.Item2)];
        if (positives.Distinct().Count() < 2)
            return;
        var set = ScoredSet.Of(scores, positives);
        double[] thresholds = [2, .. scores.Distinct()];
        double Sensitivity(double t) => scores.Where((_, i) => positives[i]).Count(s => s >= t) / (double)positives.Count(p => p);
        double Specificity(double t) => scores.Where((_, i) => !positives[i]).Count(s => s < t) / (double)positives.Count(p => !p);
        foreach (var target in new[] { 0.5, 0.8, 0.9, 1 })
        {
            var point = OperatingPoint.AtSensitivity(set, target);
            Assert.Equal(thresholds.Where(t => Sensitivity(t) >= target).Max(Specificity), point.Specificity.Value!.Value, 1e-12);
            point = OperatingPoint.AtSpecificity(set, target);
            Assert.Equal(thresholds.Where(t => Specificity(t) >= target).Max(Sensitivity), point.Sensitivity.Value!.Value, 1e-12);
        }

        var youden = OperatingPoint.AtYouden(set);
        Assert.Equal(thresholds.Max(t => Sensitivity(t) + Specificity(t)), youden.Sensitivity.Value!.Value + youden.Specificity.Value!.Value, 1e-12);

        // The counts belong to the threshold.
        OperatingPoint[] points =
            [OperatingPoint.AtSensitivity(set, 0.9), OperatingPoint.AtSpecificity(set, 0.9), youden, OperatingPoint.At(set, 0.37, "frozen")];
        foreach (var point in points)
        {
            var t = point.Threshold!.Value;
            Assert.Equal(scores.Where((s, i) => positives[i] && s >= t).Count(), point.TruePositives);
            Assert.Equal(scores.Where((s, i) => !positives[i] && s >= t).Count(), point.FalsePositives);
            Assert.Equal(scores.Length, point.TruePositives + point.FalsePositives + point.TrueNegatives + point.FalseNegatives);
        }
    });

    [Fact]
    public void Predictive_values_at_a_prevalence_follow_from_Bayes()
    {
        // 80 of 100 positives flagged, 10 of 200 negatives.
        var set = ScoredSet.Of(
            [.. Enumerable.Repeat(0.9, 80), .. Enumerable.Repeat(0.1, 20), .. Enumerable.Repeat(0.9, 10), .. Enumerable.Repeat(0.1, 190)],
            [.. Enumerable.Range(0, 300).Select(i => i < 100)]);
        var point = OperatingPoint.At(set, 0.5, "validation");
        Assert.Equal((0.8, 0.95), (point.Sensitivity.Value, point.Specificity.Value));
        Assert.Equal((80.0 / 90, 190.0 / 210), (point.PositivePredictiveValue.Value, point.NegativePredictiveValue.Value));
        var values = PredictiveValues.Of(point, 0.01);
        Assert.Equal(0.8 * 0.01 / ((0.8 * 0.01) + (0.05 * 0.99)), values.Positive.Value!.Value, 1e-12);
        Assert.Equal(0.95 * 0.99 / ((0.95 * 0.99) + (0.2 * 0.01)), values.Negative.Value!.Value, 1e-12);
        // Mercaldo's variances: (1 − Se)/(Se n1) + Sp/((1 − Sp) n0), and Se/((1 − Se) n1) + (1 − Sp)/(Sp n0).
        var half = 1.959963984540054 * Math.Sqrt((0.2 / 80) + (0.95 / 10));
        Assert.Equal(1 / (1 + Math.Exp(-Math.Log(0.008 / 0.0495) + half)), values.Positive.Intervals[0].Lower!.Value, 1e-12);
        half = 1.959963984540054 * Math.Sqrt((0.8 / 20) + (0.05 / 190));
        Assert.Equal(1 / (1 + Math.Exp(-Math.Log(0.9405 / 0.002) - half)), values.Negative.Intervals[0].Upper!.Value, 1e-12);

        // At the set's own prevalence they are the shares of the counts.
        Assert.Equal(80.0 / 90, PredictiveValues.Of(point, 1 / 3.0).Positive.Value!.Value, 1e-12);
        Assert.Equal(ErrorIds.EvaluationOptionInvalid, Assert.Throws<MammoException>(() => PredictiveValues.Of(point, 1)).ErrorId);
        Assert.Equal(ErrorIds.EvaluationOptionInvalid, Assert.Throws<MammoException>(() => OperatingPoint.At(set, double.NaN, "x")).ErrorId);
    }

    [Fact]
    public void A_frozen_threshold_on_one_class_has_the_share_that_exists()
    {
        var point = OperatingPoint.At(ScoredSet.Of([0.2, 0.8], [true, true]), 0.5, "frozen");
        Assert.Equal(0.5, point.Sensitivity.Value);
        Assert.Contains("no negative", point.Specificity.Undefined, StringComparison.Ordinal);
        Assert.Contains("no sample", OperatingPoint.At(ScoredSet.Of([0.2], [true]), 0.5, "frozen").PositivePredictiveValue.Undefined, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decision_curve_at_the_sets_prevalence_is_the_curve_of_the_set_and_changes_with_another()
    {
        var set = ScoredSet.Of([0.1, 0.3, 0.6, 0.9], [false, true, false, true]);
        Assert.Equal(DecisionCurve.Of(set)!.NetBenefit, DecisionCurve.Of(set, 0.5)!.NetBenefit);
        var rare = DecisionCurve.Of(set, 0.1)!;
        // Odds are a ninth of what they were, so that 0.5 is reached by a score of 0.9 alone: half the positives and no negative.
        Assert.Equal(0.5 * 0.1, rare.NetBenefit[49], 1e-12);
        Assert.Equal(0.1 - 0.9, rare.RecallAll[49], 1e-12);
    }

    [Fact]
    public void Promised_thresholds_keep_their_promise_on_validation()
    {
        var random = new Random(7);
        bool[] positives = [.. Enumerable.Range(0, 4000).Select(_ => random.NextDouble() < 0.05)];
        double[] scores = [.. positives.Select(positive => Gauss(random) + (positive ? 2 : 0))];
        var control = RiskControl.Of(ScoredSet.Of(scores, positives), new RiskPromise { NegativePredictiveValue = 0.99, PositivePredictiveValue = 0.3 });
        var (negative, positive) = (control.Negative!, control.Positive!);
        Assert.Equal(scores.Count(score => control.Rule.Decide(score) == Decision.Negative), negative.Decided);
        Assert.Equal(scores.Where((score, i) => positives[i] && score < control.Rule.Lower).Count(), negative.Wrong);
        Assert.Equal(scores.Count(score => control.Rule.Decide(score) == Decision.Positive), positive.Decided);
        Assert.Equal(scores.Where((score, i) => !positives[i] && score >= control.Rule.Upper).Count(), positive.Wrong);
        Assert.True(negative.Bound >= 0.99 && positive.Bound >= 0.3);
        // Half of the tolerated 0.1 for each of two promises.
        Assert.Equal(BinomialDistribution.LowerBound(negative.Decided - negative.Wrong, negative.Decided, 0.05), negative.Bound!.Value, 1e-9);
        Assert.Equal(scores.Count(score => control.Rule.Decide(score) == Decision.None) / 4000.0, control.AbstentionShare.Value!.Value, 1e-12);
        Assert.InRange(control.AbstentionShare.Value!.Value, 0.02, 0.5);
        Assert.Equal(positives.Count(p => p) / 4000.0, control.Prevalence);
    }

    [Fact]
    public void What_cannot_be_promised_is_not_decided_and_the_reason_is_stated()
    {
        var small = RiskControl.Of(ScoredSet.Of([0.1, 0.2, 0.9], [false, false, true]), new RiskPromise { NegativePredictiveValue = 0.99 });
        Assert.Equal(new DecisionRule(null, null), small.Rule);
        Assert.Contains("230 samples", small.Negative!.Undefined, StringComparison.Ordinal);
        Assert.Equal(1, small.AbstentionShare.Value);
        Assert.Equal(Decision.None, small.Rule.Decide(0.1));

        // The lowest scores are as often positive as any other.
        var chance = RiskControl.Of(
            ScoredSet.Of([.. Enumerable.Range(0, 2000).Select(i => i / 2000.0)], [.. Enumerable.Range(0, 2000).Select(i => i % 10 == 0)]),
            new RiskPromise { NegativePredictiveValue = 0.99 });
        Assert.Contains("too many errors", chance.Negative!.Undefined, StringComparison.Ordinal);

        // All scores equal and all negative: one group, which passes.
        var equal = RiskControl.Of(ScoredSet.Of(new double[3000], new bool[3000]), new RiskPromise { NegativePredictiveValue = 0.99 });
        Assert.Equal((Decision.Negative, Decision.None), (equal.Rule.Decide(0), equal.Rule.Decide(1)));
    }

    [Fact]
    public void Both_decisions_share_no_score()
    {
        // Separated: every score could be decided both ways but for the promises.
        var set = ScoredSet.Of([.. Enumerable.Range(0, 1000).Select(i => i / 1000.0)], [.. Enumerable.Range(0, 1000).Select(i => i >= 500)]);
        var control = RiskControl.Of(set, new RiskPromise { NegativePredictiveValue = 0.5, PositivePredictiveValue = 0.5 });
        Assert.Null(control.Rule.Complaint);
        Assert.True(control.Rule.Lower <= control.Rule.Upper);
        Assert.True(control.Negative!.Decided + control.Positive!.Decided <= 1000);
    }

    [Fact]
    public void Exact_bounds_need_one_sample_a_patient_no_weights_and_shares()
    {
        var promise = new RiskPromise { NegativePredictiveValue = 0.9 };
        Assert.Equal(ErrorIds.PatientNotIndependent, Thrown(ScoredSet.Of([0.1, 0.2], [true, false], [], [0, 0]), promise));
        Assert.Equal(ErrorIds.EvaluationOptionInvalid, Thrown(ScoredSet.Of([0.1, 0.2], [true, false], [1, 2]), promise));
        Assert.Equal(ErrorIds.EvaluationOptionInvalid, Thrown(ScoredSet.Of([0.1], [true]), new RiskPromise()));
        Assert.Equal(ErrorIds.EvaluationOptionInvalid, Thrown(ScoredSet.Of([0.1], [true]), promise with { Confidence = 1 }));
        Assert.Equal(ErrorIds.EvaluationOptionInvalid, Thrown(ScoredSet.Of([0.1], [true]), new RiskPromise { PositivePredictiveValue = double.NaN }));

        static string Thrown(ScoredSet set, RiskPromise promise) => Assert.Throws<MammoException>(() => RiskControl.Of(set, promise)).ErrorId;
    }

    [Fact]
    public void A_rule_from_a_bad_file_is_noticed()
    {
        Assert.NotNull(new DecisionRule(0.6, 0.5).Complaint);
        Assert.NotNull(new DecisionRule(double.NaN, 0.5).Complaint);
        Assert.Null(new DecisionRule(0.5, 0.5).Complaint);
        var rule = new DecisionRule(0.5, 0.5);
        Assert.Equal((Decision.Negative, Decision.Positive, Decision.None), (rule.Decide(0.4), rule.Decide(0.5), rule.Decide(double.NaN)));
    }

    internal static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
