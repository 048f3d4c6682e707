namespace Mammo.Scoring.DicomResults;

/// <summary>
/// The outline of a connected part of a heatmap at a level: marching squares (Lorensen and Cline, SIGGRAPH 1987, in two dimensions) whose pieces are linked to
/// closed lines. The outermost one counts; holes are not outlined.
/// </summary>
internal static class RegionOutline
{
    // The four cells around a position, by how far up and left they begin.
    private static readonly (int Up, int Left)[] Cells = [(0, 0), (0, 1), (1, 0), (1, 1)];

    private enum Side
    {
        Top,
        Right,
        Bottom,
        Left,
    }

    /// <summary>The outline as (column, row) of the heatmap, without repeating its first point.</summary>
    /// <param name="rows">Rows of the heatmap.</param>
    /// <param name="columns">Columns of the heatmap.</param>
    /// <param name="values">Its values, row by row.</param>
    /// <param name="positions">The positions of the part, all of at least the level and connected by their sides.</param>
    /// <param name="part">Which positions belong to the part.</param>
    /// <param name="level">The level; neighbours of the part by its sides are below it.</param>
    /// <param name="reach">How far a position at the edge reaches beyond it, in columns and in rows.</param>
    public static List<(double X, double Y)> Of(
        int rows, int columns, float[] values, List<int> positions, bool[] part, double level, (double Columns, double Rows) reach)
    {
        var next = new Dictionary<(int, int, bool), (int, int, bool)>();
        foreach (var position in positions)
        {
            var (row, column) = Math.DivRem(position, columns);
            foreach (var (up, left) in Cells)
                AddPieces(row - up, column - left);
        }

        List<(double X, double Y)> best = [];
        var largest = -1.0;
        foreach (var start in next.Keys.ToArray())
        {
            if (next.ContainsKey(start) && Line(start) is var line && Math.Abs(Area(line)) is var area && area > largest)
                (best, largest) = (line, area);
        }

        return best;

        bool IsIn(int row, int column) => row >= 0 && row < rows && column >= 0 && column < columns && part[(row * columns) + column];

        // Around a cell, each run of corners that belong to the part is cut off by one piece: parts that touch by a corner stay apart.
        void AddPieces(int row, int column)
        {
            bool[] corners = [IsIn(row, column), IsIn(row, column + 1), IsIn(row + 1, column + 1), IsIn(row + 1, column)];
            for (var side = 0; side < 4; side++)
            {
                if (corners[side] || !corners[(side + 1) % 4])
                    continue;
                var end = (side + 1) % 4;
                while (corners[(end + 1) % 4])
                    end = (end + 1) % 4;
                next[Edge(row, column, (Side)side)] = Edge(row, column, (Side)end);
            }
        }

        List<(double X, double Y)> Line((int, int, bool) start)
        {
            var line = new List<(double X, double Y)>();
            for (var edge = start; next.Remove(edge, out var following); edge = following)
                line.Add(Crossing(edge));
            return line;
        }

        (double X, double Y) Crossing((int Row, int Column, bool IsAcross) edge)
        {
            var (row, column, isAcross) = edge;
            var (otherRow, otherColumn) = isAcross ? (row, column + 1) : (row + 1, column);
            var isFirst = IsIn(row, column);
            var (inRow, inColumn, outRow, outColumn) = isFirst ? (row, column, otherRow, otherColumn) : (otherRow, otherColumn, row, column);
            var share = 0.0;
            if (outRow < 0 || outRow >= rows || outColumn < 0 || outColumn >= columns)
                share = isAcross ? reach.Columns : reach.Rows;
            else
            {
                double inside = values[(inRow * columns) + inColumn], outside = values[(outRow * columns) + outColumn];
                share = (inside - level) / (inside - outside);
            }

            return (inColumn + (share * (outColumn - inColumn)), inRow + (share * (outRow - inRow)));
        }
    }

    // An edge of the grid by its upper or left end.
    private static (int Row, int Column, bool IsAcross) Edge(int row, int column, Side side) => side switch
    {
        Side.Top => (row, column, true),
        Side.Right => (row, column + 1, false),
        Side.Bottom => (row + 1, column, true),
        _ => (row, column, false),
    };

    private static double Area(List<(double X, double Y)> line)
    {
        var area = 0.0;
        for (var i = 0; i < line.Count; i++)
        {
            var (from, to) = (line[i], line[(i + 1) % line.Count]);
            area += (from.X * to.Y) - (to.X * from.Y);
        }

        return area / 2;
    }
}
