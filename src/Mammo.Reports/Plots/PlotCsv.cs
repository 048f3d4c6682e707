using System.Globalization;
using System.Text;

namespace Mammo.Reports.Plots;

/// <summary>The numbers of a plot as CSV: a row a point, in full precision, with dots as decimal points.</summary>
public static class PlotCsv
{
    /// <summary>Columns <c>series,x,y,lower,upper</c>; bars have their edges in <c>x</c> and <c>x_to</c>.</summary>
    public static string Of(Plot plot)
    {
        ArgumentNullException.ThrowIfNull(plot);
        var csv = new StringBuilder("series,x,x_to,y,lower,upper\n");
        foreach (var series in plot.Series)
        {
            switch (series)
            {
                case PlotSeries.Line line:
                    Rows(line.X.Length, i => [line.X[i], null, line.Y[i], null, null]);
                    break;
                case PlotSeries.Band band:
                    Rows(band.X.Length, i => [band.X[i], null, null, band.Lower[i], band.Upper[i]]);
                    break;
                case PlotSeries.Points points:
                    Rows(points.X.Length, i => [points.X[i], null, points.Y[i], points.Lower[i], points.Upper[i]]);
                    break;
                case PlotSeries.Bars bars:
                    Rows(bars.Heights.Length, i => [bars.Edges[i], bars.Edges[i + 1], bars.Heights[i], null, null]);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(plot));
            }

            void Rows(int count, Func<int, double?[]> row)
            {
                for (var i = 0; i < count; i++)
                    csv.Append(Quoted(series.Name)).Append(',').AppendJoin(',', row(i).Select(Number)).Append('\n');
            }
        }

        return csv.ToString();
    }

    private static string Number(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "";

    // A leading sign would be a formula to a spreadsheet.
    private static string Quoted(string text)
    {
        text = text.Length > 0 && text[0] is '=' or '+' or '-' or '@' ? "'" + text : text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
