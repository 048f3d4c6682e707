using System.Management.Automation;
using System.Text;
using Mammo.Data.Files;
using Mammo.Evaluation;
using Mammo.Evaluation.Measurement;
using Mammo.Evaluation.Sets;
using Mammo.Reports.Plots;
using Mammo.Scoring.Localisation;

namespace Mammo.PowerShell.Reports;

/// <summary>Draws plots and writes them as SVG or PNG, by the extension.</summary>
internal static class PlotWriter
{
    /// <summary>The plot of a measurement.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="result">The measurement.</param>
    /// <param name="scores">The scores, for the histogram; null when they are not known.</param>
    /// <param name="positiveClass">Name of the positive class.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.PlotImpossible"/>.</exception>
    public static Plot Of(PlotKind kind, EvaluationResult result, ScoredSet? scores, string positiveClass)
    {
        if (kind == PlotKind.Histogram && scores is null)
            throw Impossible("A histogram needs the scores, which a measurement does not keep.", "Give the predictions.");
        var plot = kind switch
        {
            PlotKind.Roc => CurvePlots.Roc(result),
            PlotKind.PrecisionRecall => CurvePlots.PrecisionRecall(result),
            PlotKind.Calibration => CurvePlots.Calibration(result),
            PlotKind.DecisionCurve => CurvePlots.Decision(result),
            PlotKind.Histogram => CurvePlots.Histogram(scores!, positiveClass),
            _ => throw Impossible(
                $"{kind} is not drawn from predictions.", "Give the epochs of a training for History, and what Measure-MammoHeatmap writes for Froc."),
        };
        var reason = result[kind == PlotKind.Calibration || kind == PlotKind.DecisionCurve ? Statistic.BrierScore : Statistic.Auc].Undefined;
        return plot ?? throw Impossible($"There is nothing to draw: {reason}.", "Measure images of both classes, with probabilities.");
    }

    /// <summary>The plot of a training.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.PredictionInvalid"/>: a record is none of an epoch.</exception>
    public static Plot Of(IReadOnlyList<PSObject> epochs, Func<string, string> resolve) =>
        CurvePlots.History(HistoryCurves.Of(epochs, resolve)) ?? throw Impossible("There are no epochs to draw.", "Give what -HistoryVariable holds.");

    /// <summary>The FROC curve of a measurement.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.PlotImpossible"/>: another input, or no lesions.</exception>
    public static Plot Froc(IReadOnlyList<PSObject> inputs) => inputs is [{ BaseObject: MammoLocalisation localisation }]
        ? CurvePlots.Froc(localisation.Result) ?? throw Impossible(
            "There is nothing to draw: there are no lesions.", "Measure heatmaps of images with annotated lesions.")
        : throw Impossible("A FROC curve is drawn from one measurement of heatmaps.", "Give what Measure-MammoHeatmap writes.");

    /// <summary>Writes a plot.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="path">The file: .svg or .png.</param>
    /// <param name="scale">PNG: pixels for each of the drawing's 420 columns.</param>
    /// <exception cref="MammoException">Those of <see cref="SvgPicture.Png"/> and <see cref="AtomicFile.Write"/>.</exception>
    public static void Write(Plot plot, string path, double scale)
    {
        var svg = SvgWriter.File(plot);
        var bytes = Path.GetExtension(path).Equals(".svg", StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8.GetBytes(svg) : SvgPicture.Png(svg, scale);
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    private static MammoException Impossible(string what, string fix) => new(ErrorIds.PlotImpossible, what, fix);
}
