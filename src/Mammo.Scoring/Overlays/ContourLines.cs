using System.Globalization;
using System.Text;

namespace Mammo.Scoring.Overlays;

/// <summary>Lines of one value on a grid, by marching squares (Lorensen and Cline, SIGGRAPH 1987, in two dimensions).</summary>
internal static class ContourLines
{
    /// <summary>The lines as a path of SVG; empty where the value is nowhere crossed.</summary>
    /// <param name="rows">Rows of the grid.</param>
    /// <param name="columns">Columns of the grid.</param>
    /// <param name="at">Value of a row and column; NaN counts as below.</param>
    /// <param name="level">The value.</param>
    /// <param name="step">Pixels from one point of the grid to the next.</param>
    public static string Path(int rows, int columns, Func<int, int, double> at, double level, double step)
    {
        var path = new StringBuilder();
        for (var row = 0; row + 1 < rows; row++)
        {
            for (var column = 0; column + 1 < columns; column++)
            {
                double[] corners = [Value(row, column), Value(row, column + 1), Value(row + 1, column + 1), Value(row + 1, column)];
                List<(double X, double Y)> crossings = [];
                for (var edge = 0; edge < 4; edge++)
                {
                    var (from, to) = (corners[edge], corners[(edge + 1) % 4]);
                    if (from >= level == to >= level)
                        continue;
                    var share = (level - from) / (to - from);
                    crossings.Add(edge switch
                    {
                        0 => (column + share, row),
                        1 => (column + 1, row + share),
                        2 => (column + 1 - share, row + 1),
                        _ => (column, row + 1 - share),
                    });
                }

                // Four crossings are a saddle, whose two lines may join either way.
                for (var i = 0; i + 1 < crossings.Count; i += 2)
                    path.Append(CultureInfo.InvariantCulture, $"M{Text(crossings[i])}L{Text(crossings[i + 1])}");
            }
        }

        return path.ToString();

        double Value(int row, int column) => at(row, column) is var value && double.IsNaN(value) ? -1 : value;
        string Text((double X, double Y) place) => string.Create(CultureInfo.InvariantCulture, $"{place.X * step:0.#} {place.Y * step:0.#}");
    }
}
