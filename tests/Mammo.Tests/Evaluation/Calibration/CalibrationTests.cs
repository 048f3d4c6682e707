using System.Text.Json;
using Mammo.Evaluation;
using Mammo.Evaluation.Calibration;
using Mammo.Evaluation.Measurement;
using Mammo.Evaluation.Sets;
using Mammo.PowerShell.Common;
using Mammo.Torch.Training.Runs;

using static Mammo.Tests.Evaluation.EvaluationData;

namespace Mammo.Tests.Evaluation.Calibration;

public sealed class CalibrationTests
{
    public static TheoryData<string> Names => [.. Cases.Where(node => node!["maps"] is not null).Select(node => (string)node!["name"]!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Maps_equal_those_of_scikit_learn_and_of_the_likelihoods_maximum(string name)
    {
        var data = Case(name);
        var maps = data["maps"]!;
        var isotonic = CalibrationFit.Of(Set(data), CalibrationMethod.Isotonic);
        Equal(Numbers(maps["isotonic"]), Numbers(maps["grid"]).Select(isotonic.Apply));
        if (maps["platt"] is { } platt)
        {
            var fitted = Assert.IsType<ScoreCalibration.Platt>(CalibrationFit.Of(Set(data), CalibrationMethod.Platt));
            Equal(Numbers(platt), [fitted.Slope, fitted.Intercept], 1e-9);
        }
        else
        {
            Impossible(Set(data), CalibrationMethod.Platt, "positives score lower");
        }

        if (maps["beta"] is { } beta)
        {
            var fitted = Assert.IsType<ScoreCalibration.Beta>(CalibrationFit.Of(Set(data), CalibrationMethod.Beta));
            Equal(Numbers(beta), [fitted.A, fitted.B, fitted.C], 1e-8);
        }
    }

    [Theory]
    [InlineData(CalibrationMethod.Platt)]
    [InlineData(CalibrationMethod.Beta)]
    [InlineData(CalibrationMethod.Isotonic)]
    public void A_map_never_reverses_scores_improves_calibration_and_survives_a_file(CalibrationMethod method)
    {
        // Probabilities that are twice too extreme on the logit scale and shifted.
        var random = new Random(3);
        double[] truth = [.. Enumerable.Range(0, 4000).Select(_ => random.NextDouble())];
        bool[] positives = [.. truth.Select(p => random.NextDouble() < p)];
        double[] scores = [.. truth.Select(p => 1 / (1 + Math.Exp(-(2 * Math.Log(p / (1 - p))) - 1)))];
        var map = CalibrationFit.Of(ScoredSet.Of(scores, positives), method);
        Assert.Null(map.Complaint);
        double[] mapped = [.. Enumerable.Range(0, 1001).Select(i => map.Apply(i / 1000.0))];
        Assert.True(mapped.All(p => p is >= 0 and <= 1));
        Assert.True(mapped.Zip(mapped.Skip(1)).All(pair => pair.First <= pair.Second));

        var (before, after) = (Evaluate(ScoredSet.Of(scores, positives)), Evaluate(ScoredSet.Of([.. scores.Select(map.Apply)], positives)));
        Assert.InRange(before[Statistic.CalibrationSlope].Value!.Value, 0.45, 0.55);
        Assert.InRange(after[Statistic.CalibrationSlope].Value!.Value, 0.95, 1.05);
        Assert.InRange(after[Statistic.CalibrationIntercept].Value!.Value, -0.02, 0.02);
        Assert.True(after[Statistic.BrierScore].Value < before[Statistic.BrierScore].Value);
        Assert.True(after[Statistic.CalibrationError].Value < before[Statistic.CalibrationError].Value / 3);

        var read = JsonSerializer.Deserialize<ScoreCalibration>(JsonSerializer.Serialize(map))!;
        Assert.Equal(mapped, Enumerable.Range(0, 1001).Select(i => read.Apply(i / 1000.0)));
    }

    [Theory]
    [InlineData("""{"method":"isotonic","Scores":[0.1,0.2],"Probabilities":[0.1]}""")]
    [InlineData("""{"method":"isotonic","Scores":[],"Probabilities":[]}""")]
    [InlineData("""{"method":"isotonic","Scores":[0.2,0.1],"Probabilities":[0.1,0.2]}""")]
    [InlineData("""{"method":"isotonic","Scores":[0.1,0.2],"Probabilities":[0.3,0.2]}""")]
    [InlineData("""{"method":"isotonic","Scores":[0.1,0.2],"Probabilities":[0.3,1.2]}""")]
    [InlineData("""{"method":"isotonic"}""")]
    [InlineData("""{"method":"platt","Slope":-1,"Intercept":0}""")]
    [InlineData("""{"method":"beta","A":1,"B":-1,"C":0}""")]
    public void A_map_from_a_bad_file_is_noticed(string json) => Assert.NotNull(JsonSerializer.Deserialize<ScoreCalibration>(json)!.Complaint);

    /// <summary>
    /// Newton's step overshoots to where the curve is flat: half of the four at score 0 must be expected, so that the intercept is their log-odds.
    /// </summary>
    [Fact]
    public void An_intercept_is_found_where_scores_are_at_both_ends()
    {
        var set = ScoredSet.Of([0.58, 0.43, 0, 0, 0.5, 0, 0], [true, true, false, true, true, false, true]);
        var result = Evaluator.Evaluate(set, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(-Math.Log(1e-8 / (1 - 1e-8)), result[Statistic.CalibrationIntercept].Value!.Value, 1e-6);
    }

    [Fact]
    public void What_cannot_be_calibrated_is_an_error()
    {
        foreach (var method in Enum.GetValues<CalibrationMethod>())
        {
            Impossible(ScoredSet.Of([0.1, 0.2], [true, true]), method, "no negative");
            Impossible(ScoredSet.Of([], []), method, "no samples");
            Impossible(ScoredSet.Of([0.1, 1.2], [true, false]), method, "not probabilities");
            Impossible(ScoredSet.Of([0.5, 0.5], [true, false]), method, "equal");
        }

        Impossible(Set(Case("separated")), CalibrationMethod.Beta, "completely");
    }

    private static void Impossible(ScoredSet set, CalibrationMethod method, string why)
    {
        var error = Assert.Throws<MammoException>(() => CalibrationFit.Of(set, method));
        Assert.Equal(ErrorIds.CalibrationImpossible, error.ErrorId);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }
}
