using System.Globalization;
using System.Security;
using System.Text;

namespace Mammo.Reports.Plots;

/// <summary>
/// Draws plots as SVG. Text stays text; colours come from a style sheet with a light and a dark set, so that a picture follows the page it is on.
/// </summary>
public static class SvgWriter
{
    private const double Width = 420;
    private const double Left = 64;
    private const double Right = 14;
    private const double Top = 12;
    private const double LegendRow = 20;

    /// <summary>The picture as a file of its own, with its style sheet.</summary>
    public static string File(Plot plot) => Draw(plot, standalone: true);

    /// <summary>The picture for a page that has <see cref="Resources.PlotStyle"/>.</summary>
    internal static string Inline(Plot plot) => Draw(plot, standalone: false);

    private static string Draw(Plot plot, bool standalone)
    {
        ArgumentNullException.ThrowIfNull(plot);
        var inner = Width - Left - Right;
        var height = plot.Square ? inner : inner * 0.66;
        var named = plot.Series.Where(series => series.Name.Length > 0).ToArray();
        var whole = Top + height + 54 + (named.Length * LegendRow);
        var frame = new Frame(plot, inner, height);
        var svg = new StringBuilder();
        Put(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" role=\"img\" viewBox=\"0 0 {Width} {Number(whole)}\"");
        Put(svg, $" aria-labelledby=\"{plot.Name}-title {plot.Name}-desc\">");
        Put(svg, $"<title id=\"{plot.Name}-title\">{Text(plot.Title)}</title><desc id=\"{plot.Name}-desc\">{Text(plot.Description)}</desc>");
        if (standalone)
            Put(svg, $"<style>{Resources.PlotStyle}</style><rect class=\"paper\" width=\"{Width}\" height=\"{Number(whole)}\"/>");
        Axes(svg, plot, frame);
        foreach (var series in plot.Series)
            Series(svg, series, frame);
        Put(svg, $"<rect class=\"frame\" x=\"{Left}\" y=\"{Top}\" width=\"{Number(inner)}\" height=\"{Number(height)}\"/>");
        for (var i = 0; i < named.Length; i++)
            Legend(svg, named[i], Top + height + 62 + (i * LegendRow));
        return svg.Append("</svg>").ToString();
    }

    private static void Axes(StringBuilder svg, Plot plot, Frame frame)
    {
        var bottom = Top + frame.Height;
        foreach (var tick in Ticks.Of(plot.X))
        {
            var x = Number(frame.X(tick.Value));
            Put(svg, $"<path class=\"grid\" d=\"M{x} {Top}V{Number(bottom)}\"/>");
            Put(svg, $"<text class=\"tick\" x=\"{x}\" y=\"{Number(bottom + 17)}\" text-anchor=\"middle\">{tick.Text}</text>");
        }

        foreach (var tick in Ticks.Of(plot.Y))
        {
            var y = frame.Y(tick.Value);
            Put(svg, $"<path class=\"grid\" d=\"M{Left} {Number(y)}H{Number(Left + frame.Width)}\"/>");
            Put(svg, $"<text class=\"tick\" x=\"{Left - 7}\" y=\"{Number(y + 4)}\" text-anchor=\"end\">{tick.Text}</text>");
        }

        var (middleX, middleY) = (Number(Left + (frame.Width / 2)), Number(Top + (frame.Height / 2)));
        Put(svg, $"<text class=\"label\" x=\"{middleX}\" y=\"{Number(bottom + 38)}\" text-anchor=\"middle\">{Text(plot.X.Label)}</text>");
        Put(svg, $"<text class=\"label\" transform=\"translate(14 {middleY}) rotate(-90)\" text-anchor=\"middle\">{Text(plot.Y.Label)}</text>");
    }

    private static void Series(StringBuilder svg, PlotSeries series, Frame frame)
    {
        switch (series)
        {
            case PlotSeries.Line line:
                Put(svg, $"<path class=\"line c{line.Colour}\" d=\"{Path(line.X, line.Y, frame)}\"/>");
                break;
            case PlotSeries.Band band:
                var back = Path([.. band.X.Reverse()], [.. band.Lower.Reverse()], frame).Replace('M', 'L');
                Put(svg, $"<path class=\"band c{band.Colour}\" d=\"{Path(band.X, band.Upper, frame)}{back}Z\"/>");
                break;
            case PlotSeries.Points points:
                for (var i = 0; i < points.X.Length; i++)
                    Point(svg, points, i, frame);
                break;
            case PlotSeries.Bars bars:
                for (var i = 0; i < bars.Heights.Length; i++)
                {
                    var (x, y) = (frame.X(bars.Edges[i]), frame.Y(bars.Heights[i]));
                    var (width, height) = (Number(frame.X(bars.Edges[i + 1]) - x), Number(frame.Y(0) - y));
                    Put(svg, $"<rect class=\"bar c{bars.Colour}\" x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{width}\" height=\"{height}\"/>");
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(series));
        }
    }

    private static void Point(StringBuilder svg, PlotSeries.Points points, int i, Frame frame)
    {
        var (x, y) = (Number(frame.X(points.X[i])), Number(frame.Y(points.Y[i])));
        if (double.IsFinite(points.Lower[i]) && double.IsFinite(points.Upper[i]))
        {
            var (lower, upper) = (Number(frame.Y(points.Lower[i])), Number(frame.Y(points.Upper[i])));
            Put(svg, $"<path class=\"line c{points.Colour}\" d=\"M{x} {lower}V{upper}\"/>");
        }

        Put(svg, $"<circle class=\"dot c{points.Colour}\" cx=\"{x}\" cy=\"{y}\" r=\"3.5\"/>");
    }

    private static void Legend(StringBuilder svg, PlotSeries series, double y)
    {
        var (middle, colour) = (Number(y - 4), series.Colour);
        svg.Append(series switch
        {
            PlotSeries.Line => FormattableString.Invariant($"<path class=\"line c{colour}\" d=\"M{Left} {middle}h26\"/>"),
            PlotSeries.Band => FormattableString.Invariant($"<rect class=\"band c{colour}\" x=\"{Left}\" y=\"{Number(y - 10)}\" width=\"26\" height=\"12\"/>"),
            PlotSeries.Bars => FormattableString.Invariant($"<rect class=\"bar c{colour}\" x=\"{Left}\" y=\"{Number(y - 10)}\" width=\"26\" height=\"12\"/>"),
            _ => FormattableString.Invariant($"<path class=\"line c{colour}\" d=\"M{Left + 13} {Number(y - 11)}v14\"/>")
                + FormattableString.Invariant($"<circle class=\"dot c{colour}\" cx=\"{Left + 13}\" cy=\"{middle}\" r=\"3.5\"/>"),
        });
        Put(svg, $"<text class=\"legend\" x=\"{Left + 34}\" y=\"{Number(y)}\">{Text(series.Name)}</text>");
    }

    private static string Path(IReadOnlyList<double> x, IReadOnlyList<double> y, Frame frame)
    {
        var path = new StringBuilder();
        var gap = true;
        for (var i = 0; i < x.Count; i++)
        {
            if (!double.IsFinite(x[i]) || !double.IsFinite(y[i]))
            {
                gap = true;
                continue;
            }

            path.Append(CultureInfo.InvariantCulture, $"{(gap ? 'M' : 'L')}{Number(frame.X(x[i]))} {Number(frame.Y(y[i]))}");
            gap = false;
        }

        return path.ToString();
    }

    private static void Put(StringBuilder svg, FormattableString markup) => svg.Append(FormattableString.Invariant(markup));

    /// <summary>A tenth of a pixel is enough.</summary>
    private static string Number(double value) => Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);

    private static string Text(string text) => SecurityElement.Escape(text);

    /// <summary>Places of values in the picture; values beyond the axes are drawn at their ends.</summary>
    private readonly record struct Frame(Plot Plot, double Width, double Height)
    {
        public double X(double value) => Left + (Share(Plot.X, value) * Width);

        public double Y(double value) => Top + ((1 - Share(Plot.Y, value)) * Height);

        private static double Share(PlotAxis axis, double value) => Math.Clamp((value - axis.Minimum) / (axis.Maximum - axis.Minimum), 0, 1);
    }
}
