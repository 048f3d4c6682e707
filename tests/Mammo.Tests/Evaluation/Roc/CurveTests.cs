using Mammo.Evaluation;
using Mammo.Evaluation.Calibration;
using Mammo.Evaluation.Decisions;
using Mammo.Evaluation.Roc;
using Mammo.Evaluation.Sets;
using Mammo.PowerShell.Common;

using static Mammo.Tests.Evaluation.EvaluationData;

namespace Mammo.Tests.Evaluation.Roc;

/// <summary>Against scikit-learn on shared vectors: ties, weights, separated and equal scores.</summary>
public sealed class CurveTests
{
    public static TheoryData<string> Names => EvaluationData.Names;

    // scikit-learn's calibration curve knows no weights.
    public static TheoryData<string> Unweighted => [.. Cases.Where(node => node!["weights"] is null).Select(node => (string)node!["name"]!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Statistics_equal_scikit_learns(string name)
    {
        var data = Case(name);
        var result = Evaluate(Set(data));
        foreach (var (statistic, key) in new[]
        {
            (Statistic.Auc, "auc"), (Statistic.PartialAuc, "partialAuc"), (Statistic.AveragePrecision, "averagePrecision"), (Statistic.ProbabilisticF1, "pf1"),
            (Statistic.BrierScore, "brier"), (Statistic.CalibrationError, "ece"), (Statistic.CalibrationIntercept, "intercept"),
        })
            Assert.Equal((double)data[key]!, result[statistic].Value!.Value, statistic == Statistic.CalibrationIntercept ? 1e-10 : 1e-12);
        Assert.Equal(data["slope"] is null, result[Statistic.CalibrationSlope].Value is null);
        if (data["slope"] is { } slope)
            Assert.Equal((double)slope, result[Statistic.CalibrationSlope].Value!.Value, 1e-10);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Curves_equal_scikit_learns(string name)
    {
        var data = Case(name);
        var curve = RocCurve.Of(Set(data));
        var points = Enumerable.Range(0, curve.Count).ToArray();
        var roc = data["roc"]!;
        Equal(Numbers(roc["fpr"]), points.Select(curve.FalsePositiveRate));
        Equal(Numbers(roc["tpr"]), points.Select(curve.TruePositiveRate));
        Equal(Numbers(roc["thresholds"]), curve.Thresholds.Skip(1));
        // scikit-learn ascends in the threshold; its point without a threshold is last.
        var precisionRecall = data["precisionRecall"]!;
        Equal(Numbers(precisionRecall["precision"]), points.Reverse().Select(curve.Precision));
        Equal(Numbers(precisionRecall["recall"]), points.Reverse().Select(curve.TruePositiveRate));
        Equal(Numbers(data["netBenefit"]), DecisionCurve.Of(Set(data))!.NetBenefit);
    }

    [Theory]
    [MemberData(nameof(Unweighted))]
    public void Calibration_curves_equal_scikit_learns(string name)
    {
        var data = Case(name);
        foreach (var (bins, key) in new[] { (CalibrationBins.EqualWidth, "calibrationWidth"), (CalibrationBins.EqualCount, "calibrationCount") })
        {
            var curve = CalibrationCurve.Of(Set(data), 10, bins);
            Equal(Numbers(data[key]!["share"]), curve.Bins.Select(bin => bin.PositiveShare.Value!.Value));
            Equal(Numbers(data[key]!["score"]), curve.Bins.Select(bin => bin.MeanScore));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_curve_without_intermediate_points_is_the_same_line(string name)
    {
        var curve = RocCurve.Of(Set(Case(name)));
        var drawn = curve.WithoutIntermediate();
        Assert.Empty(drawn.Thresholds.Except(curve.Thresholds));
        for (var point = 0; point < curve.Count; point++)
        {
            var (x, y) = (curve.FalsePositives[point], curve.TruePositives[point]);
            var right = Enumerable.Range(0, drawn.Count).First(i => drawn.FalsePositives[i] >= x && drawn.TruePositives[i] >= y);
            var left = Math.Max(0, right - 1);
            var (x0, y0, x1, y1) = (drawn.FalsePositives[left], drawn.TruePositives[left], drawn.FalsePositives[right], drawn.TruePositives[right]);
            Assert.Equal(0, ((x1 - x0) * (y - y0)) - ((y1 - y0) * (x - x0)), 1e-9);
        }
    }

    [Fact]
    public void Bands_follow_the_curves()
    {
        var set = Set(Case("continuous"));
        var counts = RocCounts.Of(set);
        var (sensitivities, precisions) = (new double[101], new double[101]);
        counts.Sensitivities(sensitivities);
        counts.Precisions(precisions);
        var curve = RocCurve.Of(set);
        for (var k = 0; k <= 100; k++)
        {
            // The curve of distinct scores has vertical and level steps only.
            var left = Enumerable.Range(0, curve.Count).Where(i => curve.FalsePositiveRate(i) <= (k / 100.0) + 1e-12);
            Assert.Equal(left.Max(curve.TruePositiveRate), sensitivities[k], 1e-12);
            var first = Enumerable.Range(1, curve.Count - 1).First(i => curve.TruePositiveRate(i) >= (k / 100.0) - 1e-12);
            Assert.Equal(curve.Precision(first), precisions[k], 1e-12);
        }

        var result = Evaluate(set, new EvaluationOptions { Bootstrap = 200, Seed = 1 });
        Assert.Equal((101, 1.0), (result.RocBand!.Lower.Length, result.RocBand.Upper[^1]));
        Assert.True(result.PrecisionRecallBand!.Lower.Zip(result.PrecisionRecallBand.Upper).All(ends => ends.First <= ends.Second));
    }
}
