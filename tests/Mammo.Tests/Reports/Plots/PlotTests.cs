using System.Globalization;
using System.Xml.Linq;
using CsCheck;
using Mammo.Evaluation;
using Mammo.Evaluation.Localisation;
using Mammo.Evaluation.Measurement;
using Mammo.Evaluation.Sets;
using Mammo.Reports.Plots;
using Mammo.Torch.Training.Runs;

namespace Mammo.Tests.Reports.Plots;

public sealed class PlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Every_plot_is_a_picture_with_text_title_and_description()
    {
        var content = Samples.Full();
        Plot?[] plots =
        [
            CurvePlots.Roc(content.Result),
            CurvePlots.PrecisionRecall(content.Result),
            CurvePlots.Calibration(content.Result),
            CurvePlots.Decision(content.Result),
            CurvePlots.Froc(content.Localisation!),
            CurvePlots.History(content.History),
            CurvePlots.Histogram(content.Scores, content.PositiveClass),
        ];
        Assert.All(plots, plot =>
        {
            var picture = SvgWriter.File(plot!);
            Assert.DoesNotContain("NaN", picture, StringComparison.Ordinal);
            var root = XDocument.Parse(picture).Root!;
            Assert.Equal(plot!.Title, root.Element(Svg + "title")!.Value);
            Assert.Equal(plot.Description, root.Element(Svg + "desc")!.Value);
            string[] texts = [.. root.Elements(Svg + "text").Select(text => text.Value)];
            Assert.Contains(plot.X.Label, texts);
            Assert.All(plot.Series.Where(series => series.Name.Length > 0), series => Assert.Contains(series.Name, texts));
            // Nothing is drawn outside the picture.
            var box = root.Attribute("viewBox")!.Value.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
            foreach (var number in root.Descendants().Attributes().Where(attribute => attribute.Name.LocalName is "x" or "y" or "cx" or "cy"))
                Assert.InRange(double.Parse(number.Value, CultureInfo.InvariantCulture), 0, Math.Max(box[2], box[3]));
        });
    }

    [Fact]
    public void The_numbers_of_a_figure_give_its_statistic_again()
    {
        var content = Samples.Full();
        var rows = Rows(CurvePlots.Roc(content.Result)!).Where(row => row[0].StartsWith("AUC", StringComparison.Ordinal)).ToArray();
        var area = rows.Zip(rows.Skip(1), (left, right) => (Number(right[1]) - Number(left[1])) * (Number(left[3]) + Number(right[3])) / 2).Sum();
        Assert.Equal(content.Result[Statistic.Auc].Value!.Value, area, 1e-12);

        // Bars of both classes each add up to all of the class.
        var bars = Rows(CurvePlots.Histogram(content.Scores, "pos")!).GroupBy(row => row[0]).Select(bar => bar.Sum(row => Number(row[3])));
        Assert.All(bars, sum => Assert.Equal(1, sum, 1e-12));
    }

    [Fact]
    public void A_curve_of_very_many_points_is_thinned_and_stays_the_same_line()
    {
        var random = new Random(1);
        bool[] positives = [.. Enumerable.Range(0, 60_000).Select(_ => random.NextDouble() < 0.3)];
        var set = ScoredSet.Of([.. positives.Select(positive => random.NextDouble() + (positive ? 0.3 : 0))], positives);
        var result = Evaluator.Evaluate(set, cancellation: TestContext.Current.CancellationToken);
        var line = CurvePlots.Roc(result)!.Series.OfType<PlotSeries.Line>().Last();
        Assert.InRange(line.X.Length, 300, 2000);
        var area = Enumerable.Range(1, line.X.Length - 1).Sum(i => (line.X[i] - line.X[i - 1]) * (line.Y[i] + line.Y[i - 1]) / 2);
        Assert.Equal(result[Statistic.Auc].Value!.Value, area, 1e-3);
    }

    [Fact]
    public void What_lies_beyond_the_axis_of_false_marks_is_cut_off()
    {
        Mark[] marks = [new(0.9, 0), .. Enumerable.Range(0, 8).Select(i => new Mark(0.8 - (i / 100.0), null)), new(0.1, 1)];
        var result = LocalisationResult.Of(
            LocalisedSet.Of([new LocalisedImage("a.png", "P", 2, [.. marks])]), cancellation: TestContext.Current.CancellationToken);
        var line = CurvePlots.Froc(result)!.Series.OfType<PlotSeries.Line>().Last();
        Assert.Equal((5, 0.5), (line.X[^1], line.Y[^1]));
        Assert.Equal(1, result.Froc!.Sensitivity[^1]);
    }

    [Fact]
    public void What_cannot_be_drawn_is_not()
    {
        var content = Samples.Bare();
        Assert.Null(CurvePlots.Roc(content.Result));
        Assert.Null(CurvePlots.PrecisionRecall(content.Result));
        Assert.Null(CurvePlots.Decision(content.Result));
        Assert.Null(CurvePlots.History([]));
        Assert.Null(CurvePlots.Histogram(ScoredSet.Of([], []), "pos"));
        Assert.NotNull(CurvePlots.Histogram(content.Scores, "pos"));
        Assert.NotNull(CurvePlots.Histogram(ScoredSet.Of([-3, 2, 8], [true, false, true]), "pos"));
    }

    [Fact]
    public void Ticks_are_round_few_and_within_the_axis() => Gen.Select(Gen.Double[-1e6, 1e6], Gen.Double[1e-6, 1e6]).Sample((low, width) =>
    {
        var ticks = Ticks.Of(new PlotAxis("", low, low + width)).ToArray();
        Assert.InRange(ticks.Length, 3, 11);
        Assert.All(ticks, tick => Assert.InRange(tick.Value, low - (width * 1e-6), low + (width * (1 + 1e-6))));
        Assert.Equal(ticks.Length, ticks.Select(tick => tick.Text).Distinct().Count());
    });

    [Fact]
    public void A_name_is_no_formula_and_no_second_column_in_a_CSV()
    {
        var plot = new Plot("p", "t", "d", new PlotAxis("x", 0, 1), new PlotAxis("y", 0, 1), [new PlotSeries.Line("=1+1,\"a\"", [0], [double.NaN])]);
        Assert.Equal("series,x,x_to,y,lower,upper\n\"'=1+1,\"\"a\"\"\",0,,,,\n", PlotCsv.Of(plot));
    }

    private static IEnumerable<string[]> Rows(Plot plot) =>
        PlotCsv.Of(plot).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(','));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
