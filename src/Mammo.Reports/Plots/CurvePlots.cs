using System.Collections.Immutable;
using Mammo.Evaluation;
using Mammo.Evaluation.Bootstrap;
using Mammo.Evaluation.Calibration;
using Mammo.Evaluation.Localisation;
using Mammo.Evaluation.Measurement;
using Mammo.Evaluation.Roc;
using Mammo.Evaluation.Sets;

namespace Mammo.Reports.Plots;

/// <summary>The plots of a measurement; null where there is nothing to draw.</summary>
public static class CurvePlots
{
    // As many columns as a picture has pixels, or nearly: more points of a curve cannot be seen.
    private const int Columns = 400;

    /// <summary>The ROC curve with its band.</summary>
    public static Plot? Roc(EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Roc is not { Positives: > 0, Negatives: > 0 } whole)
            return null;
        var curve = whole.WithoutIntermediate();
        var (x, y) = Thinned(curve, curve.FalsePositiveRate, curve.TruePositiveRate, 0);
        var auc = Words.Of(result[Statistic.Auc]);
        return new Plot(
            "roc",
            "ROC curve",
            $"Sensitivity against false positive rate. AUC {auc}.",
            new PlotAxis("False positive rate (1 − specificity)", 0, 1),
            new PlotAxis("Sensitivity", 0, 1),
            [.. Band(result.RocBand), new PlotSeries.Line("Chance", [0, 1], [0, 1], 0), new PlotSeries.Line($"AUC {Words.Brief(result[Statistic.Auc])}", x, y)],
            Square: true);
    }

    /// <summary>Precision against recall with its band.</summary>
    public static Plot? PrecisionRecall(EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Roc is not { Positives: > 0, Negatives: > 0 } curve)
            return null;
        var (x, y) = Thinned(curve, curve.TruePositiveRate, curve.Precision, 1);
        var share = curve.Positives / (curve.Positives + curve.Negatives);
        var value = Words.Of(result[Statistic.AveragePrecision]);
        return new Plot(
            "precision-recall",
            "Precision and recall",
            $"Precision against recall. Average precision {value}; {Words.Number(share)} of the samples are positive.",
            new PlotAxis("Recall (sensitivity)", 0, 1),
            new PlotAxis("Precision (positive predictive value)", 0, 1),
            [
                .. Band(result.PrecisionRecallBand),
                new PlotSeries.Line("Share of positives", [0, 1], [share, share], 0),
                new PlotSeries.Line($"Average precision {Words.Brief(result[Statistic.AveragePrecision])}", x, y),
            ],
            Square: true);
    }

    /// <summary>Share of positives against mean score, bin by bin.</summary>
    public static Plot? Calibration(EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Calibration is not { Bins.Length: > 0 } curve || result[Statistic.BrierScore].Value is null)
            return null;
        var (slope, intercept) = (Words.Of(result[Statistic.CalibrationSlope]), Words.Of(result[Statistic.CalibrationIntercept]));
        return new Plot(
            "calibration",
            "Calibration",
            $"Share of positives against mean score in bins of equal width. Slope {slope}; intercept {intercept}.",
            new PlotAxis("Mean score", 0, 1),
            new PlotAxis("Share of positives", 0, 1),
            [
                new PlotSeries.Line("Perfect", [0, 1], [0, 1], 0),
                new PlotSeries.Points(
                    "Bin, with Wilson's interval", Each(bin => bin.MeanScore), Each(bin => bin.PositiveShare.Value), Each(Lower), Each(Upper)),
            ],
            Square: true);

        ImmutableArray<double> Each(Func<CalibrationBin, double?> value) => [.. curve.Bins.Select(bin => value(bin) ?? double.NaN)];
        static double? Lower(CalibrationBin bin) => bin.PositiveShare.IntervalBy(IntervalMethod.Wilson)?.Lower;
        static double? Upper(CalibrationBin bin) => bin.PositiveShare.IntervalBy(IntervalMethod.Wilson)?.Upper;
    }

    /// <summary>Net benefit against the threshold.</summary>
    public static Plot? Decision(EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Decision is not { } curve)
            return null;
        var last = curve.Thresholds[^1] / 0.99;
        return new Plot(
            "decision",
            "Decision curve",
            $"Net benefit of recalling by score, of recalling all and of recalling none, where {Words.Number(curve.Prevalence)} are positive.",
            new PlotAxis("Threshold probability", 0, last),
            new PlotAxis("Net benefit", -0.25 * curve.Prevalence, 1.05 * curve.Prevalence),
            [
                new PlotSeries.Line("Recall none", [0, last], [0, 0], 0),
                new PlotSeries.Line("Recall all", curve.Thresholds, [.. curve.RecallAll.Select(Shown)], 2),
                new PlotSeries.Line("Recall by score", curve.Thresholds, [.. curve.NetBenefit.Select(Shown)]),
            ]);

        // Far below the axis is of no interest.
        double Shown(double value) => value < -0.25 * curve.Prevalence ? double.NaN : value;
    }

    /// <summary>Share of lesions found against false marks an image.</summary>
    public static Plot? Froc(LocalisationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Froc is not { } curve)
            return null;
        const double Most = 5;
        // What lies beyond the axis must not be drawn as a step at its end.
        var within = curve.FalsePositivesPerImage.Count(rate => rate <= Most);
        var isCut = within < curve.FalsePositivesPerImage.Length;
        var (x, y) = Thinned(
            [.. curve.FalsePositivesPerImage.Take(within), .. isCut ? [Most] : Array.Empty<double>()],
            [.. curve.Sensitivity.Take(within), .. isCut ? [curve.Sensitivity[within - 1]] : Array.Empty<double>()],
            Most);
        return new Plot(
            "froc",
            "FROC curve",
            $"Share of lesions found against false marks an image. With one false mark an image {Words.Of(result[LocalisationStatistic.SensitivityAtOne])}.",
            new PlotAxis("False marks an image", 0, Math.Min(Most, Math.Max(0.5, Math.Ceiling(2 * curve.FalsePositivesPerImage[^1]) / 2))),
            new PlotAxis("Share of lesions found", 0, 1),
            [
                .. Band(result.FrocBand, 20),
                new PlotSeries.Line("Lesions found", x, y),
            ]);
    }

    /// <summary>Losses, or other quantities, over the epochs.</summary>
    public static Plot? History(IReadOnlyList<HistoryCurve> curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        double[] values = [.. curves.SelectMany(curve => curve.Values).Where(double.IsFinite)];
        if (values.Length == 0)
            return null;
        var (low, high, epochs) = (Math.Min(0, values.Min()), values.Max(), curves.Max(curve => curve.Values.Length));
        return new Plot(
            "history",
            "Training",
            $"{string.Join(", ", curves.Select(curve => curve.Name))} after each of {epochs} epochs.",
            new PlotAxis("Epoch", 0, Math.Max(1, epochs)),
            new PlotAxis("Value", low, high > low ? high * 1.05 : low + 1),
            [.. curves.Select((curve, i) => new PlotSeries.Line(curve.Name, Epochs(curve), curve.Values, 1 + (i % 4)))]);

        static ImmutableArray<double> Epochs(HistoryCurve curve) => [.. Enumerable.Range(1, curve.Values.Length).Select(epoch => (double)epoch)];
    }

    /// <summary>Shares of each class's samples by score, in 20 bins.</summary>
    public static Plot? Histogram(ScoredSet set, string positiveClass)
    {
        ArgumentNullException.ThrowIfNull(set);
        const int Bins = 20;
        if (set.Count == 0)
            return null;
        double low = 0, high = 1;
        if (!set.AreProbabilities)
        {
            foreach (var score in set.Scores)
                (low, high) = (Math.Min(low, score), Math.Max(high, score));
        }

        var counts = new double[2, Bins];
        for (var i = 0; i < set.Count; i++)
            counts[set.Positives[i] ? 1 : 0, Math.Min(Bins - 1, (int)((set.Scores[i] - low) / (high - low) * Bins))]++;
        var (negatives, positives) = (Shares(0, set.Count - set.PositiveCount), Shares(1, set.PositiveCount));
        ImmutableArray<double> edges = [.. Enumerable.Range(0, Bins + 1).Select(i => low + ((high - low) * i / Bins))];
        return new Plot(
            "histogram",
            "Scores",
            $"Shares of the {set.PositiveCount} positive ({positiveClass}) and {set.Count - set.PositiveCount} other samples by score.",
            new PlotAxis("Score", low, high),
            new PlotAxis("Share of the class", 0, 1.05 * Math.Max(0.01, negatives.Concat(positives).Max())),
            [new PlotSeries.Bars("Negative", edges, negatives), new PlotSeries.Bars($"Positive ({positiveClass})", edges, positives, 2)]);

        ImmutableArray<double> Shares(int kind, int whole) => [.. Enumerable.Range(0, Bins).Select(bin => whole == 0 ? 0 : counts[kind, bin] / whole)];
    }

    private static IEnumerable<PlotSeries> Band(CurveBand? band, double steps = 100) =>
        band is null ? [] : [new PlotSeries.Band("95% band, by patient", [.. band.Lower.Select((_, i) => i / steps)], band.Lower, band.Upper)];

    private static (ImmutableArray<double> X, ImmutableArray<double> Y) Thinned(RocCurve curve, Func<int, double> x, Func<int, double> y, int first)
    {
        int[] points = [.. Enumerable.Range(first, curve.Count - first)];
        return Thinned([.. points.Select(x)], [.. points.Select(y)], 1);
    }

    /// <summary>The points that a picture can show: of each column of pixels the first, lowest, highest and last.</summary>
    private static (ImmutableArray<double> X, ImmutableArray<double> Y) Thinned(ImmutableArray<double> x, ImmutableArray<double> y, double width)
    {
        if (x.Length <= 4 * Columns)
            return (x, y);
        var kept = new SortedSet<int>();
        foreach (var column in Enumerable.Range(0, x.Length).GroupBy(i => (int)Math.Min(x[i] / width * Columns, Columns)))
            kept.UnionWith([column.First(), column.MinBy(i => y[i]), column.MaxBy(i => y[i]), column.Last()]);
        return ([.. kept.Select(i => x[i])], [.. kept.Select(i => y[i])]);
    }
}
