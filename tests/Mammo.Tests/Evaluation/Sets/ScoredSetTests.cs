using Mammo.Evaluation;
using Mammo.Evaluation.Sets;
using Mammo.Torch.Training.Runs;

using static Mammo.Tests.Evaluation.EvaluationData;

namespace Mammo.Tests.Evaluation.Sets;

public sealed class ScoredSetTests
{
    private static ScoredSet Films()
    {
        var builder = new ScoredSetBuilder();
        builder.Add("a.png", 0.2, false, "P1", "L");
        builder.Add("b.png", 0.4, true, "p1 ", "l", 3);
        builder.Add("c.png", 0.6, false, "P1", "R");
        builder.Add("d.png", 0.1, false, "P2", "L");
        return builder.ToSet();
    }

    [Theory]
    [InlineData(EvaluationUnit.Breast, UnitScore.Mean, new[] { 0.3, 0.6, 0.1 }, new[] { true, false, false }, new[] { 2.0, 1, 1 })]
    [InlineData(EvaluationUnit.Breast, UnitScore.Max, new[] { 0.4, 0.6, 0.1 }, new[] { true, false, false }, new[] { 2.0, 1, 1 })]
    [InlineData(EvaluationUnit.Patient, UnitScore.Mean, new[] { 0.4, 0.1 }, new[] { true, false }, new[] { 5.0 / 3, 1 })]
    [InlineData(EvaluationUnit.Patient, UnitScore.Max, new[] { 0.6, 0.1 }, new[] { true, false }, new[] { 5.0 / 3, 1 })]
    public void Images_are_put_together_by_breast_and_patient(EvaluationUnit unit, UnitScore score, double[] scores, bool[] positives, double[] weights)
    {
        var set = Films().By(unit, score);
        Equal(scores, set.Scores.ToArray());
        Assert.Equal(positives, set.Positives.ToArray());
        Equal(weights, set.Weights.ToArray());
        Assert.Equal((unit, 4, 3, 2), (set.Unit, set.ImageCount, set.BreastCount, set.PatientCount));
    }

    [Fact]
    public void Missing_patients_and_sides_are_errors()
    {
        var builder = new ScoredSetBuilder();
        builder.Add("a.png", 0.5, true, "P1");
        Assert.Equal(ErrorIds.LateralityMissing, Assert.Throws<MammoException>(() => builder.ToSet().By(EvaluationUnit.Breast)).ErrorId);
        var error = Assert.Throws<MammoException>(() => builder.Add("b.png", 0.5, true));
        Assert.Equal((ErrorIds.PatientMissing, "b.png"), (error.ErrorId, error.Target));
        Assert.Equal(ErrorIds.PatientMissing, Assert.Throws<MammoException>(() => ScoredSet.Of([0.5], [true]).By(EvaluationUnit.Patient)).ErrorId);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_score_that_is_no_number_is_an_error_that_names_the_image(double score)
    {
        var builder = new ScoredSetBuilder();
        builder.Add("a.png", 0.5, true);
        builder.Add("b.png", score, true);
        var error = Assert.Throws<MammoException>(builder.ToSet);
        Assert.Equal((ErrorIds.ScoreInvalid, "b.png"), (error.ErrorId, error.Target));
    }

    [Fact]
    public void Weights_and_columns_are_checked()
    {
        Assert.Equal(ErrorIds.PredictionsMixed, Assert.Throws<MammoException>(() => ScoredSet.Of([0.5], [true], [-1])).ErrorId);
        Assert.Throws<ArgumentException>(() => ScoredSet.Of([0.5], [true, false]));
        Assert.Throws<ArgumentException>(() => ScoredSet.Of([0.5, 0.6], [true, false], [], [0, 2]));
        Assert.False(ScoredSet.Of([0.5, 0.6], [true, false], [1, 1]).IsWeighted);
    }

    [Theory]
    [InlineData(new double[] { }, new bool[] { }, "no samples")]
    [InlineData(new[] { 0.1, 0.9, 0.5 }, new[] { true, true, true }, "no negative")]
    [InlineData(new[] { 0.1, 0.9, 0.5 }, new[] { false, false, false }, "no positive")]
    public void One_class_or_none_is_undefined_and_never_a_number(double[] scores, bool[] positives, string why)
    {
        var result = Evaluate(ScoredSet.Of(scores, positives), new EvaluationOptions { Bootstrap = 100, Prevalence = 0.01 });
        Assert.All(result.Statistics.Values, estimate => Assert.Contains(why, estimate.Undefined, StringComparison.Ordinal));
        Assert.All(result.OperatingPoints, point => Assert.Null(point.Threshold ?? point.Sensitivity.Value ?? point.PositivePredictiveValue.Value));
        Assert.All(result.PredictiveValues, values => Assert.Null(values.Positive.Value ?? values.Negative.Value));
        Assert.Null(result.Decision);
        Assert.Null(result.RocBand);
    }

    [Fact]
    public void Three_images_have_an_area_and_no_interval()
    {
        var auc = Evaluate(ScoredSet.Of([0.1, 0.4, 0.3], [false, true, true], [], [0, 1, 2]), new EvaluationOptions { Bootstrap = 500 })[Statistic.Auc];
        Assert.Equal(1, auc.Value);
        Assert.Equal(5, auc.Intervals.Length);
        Assert.All(auc.Intervals, interval => Assert.True(interval.Undefined is not null && interval.Lower is null && interval.Upper is null));
    }

    [Fact]
    public void A_set_without_weight_in_one_class_is_undefined()
    {
        var result = Evaluate(ScoredSet.Of([0.1, 0.4], [false, true], [1, 0]));
        Assert.All(result.Statistics.Values, estimate => Assert.Null(estimate.Value));
    }

    [Fact]
    public void Scores_that_are_no_probabilities_have_ranks_only()
    {
        var result = Evaluate(ScoredSet.Of([-2, 0.4, 3], [false, true, true]));
        Assert.Equal(1, result[Statistic.Auc].Value);
        Assert.Contains("not probabilities", result[Statistic.BrierScore].Undefined, StringComparison.Ordinal);
        Assert.Null(result.Calibration);
    }

    [Theory]
    [InlineData(5, null)]
    [InlineData(-1, null)]
    [InlineData(0, 0.0)]
    [InlineData(0, double.NaN)]
    public void Options_out_of_range_are_errors(int bootstrap, double? prevalence)
    {
        var options = new EvaluationOptions { Bootstrap = bootstrap, Prevalence = prevalence };
        var error = Assert.Throws<MammoException>(() => Evaluate(ScoredSet.Of([0.5], [true]), options));
        Assert.Equal(ErrorIds.EvaluationOptionInvalid, error.ErrorId);
    }
}
