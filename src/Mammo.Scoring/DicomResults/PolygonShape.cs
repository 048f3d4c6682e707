namespace Mammo.Scoring.DicomResults;

/// <summary>Polygons as lists of their corners.</summary>
internal static class PolygonShape
{
    private const int MostCorners = 4000;

    /// <summary>The part of a polygon that lies in the rectangle from (0, 0), by Sutherland and Hodgman (Communications of the ACM, 1974).</summary>
    /// <param name="corners">The polygon.</param>
    /// <param name="width">Width of the rectangle.</param>
    /// <param name="height">Height of the rectangle.</param>
    public static List<(double X, double Y)> Clip(List<(double X, double Y)> corners, double width, double height)
    {
        corners = Cut(corners, place => place.X);
        corners = Cut(corners, place => width - place.X);
        corners = Cut(corners, place => place.Y);
        corners = Cut(corners, place => height - place.Y);
        return [.. corners.Select(place => (Math.Clamp(place.X, 0, width), Math.Clamp(place.Y, 0, height)))];
    }

    /// <summary>
    /// The polygon with fewer corners: none of those left out is farther from it than a tolerance (Douglas and Peucker, Cartographica, 1973), which is doubled
    /// until there are few enough.
    /// </summary>
    /// <param name="corners">The polygon.</param>
    /// <param name="tolerance">The first tolerance.</param>
    /// <param name="limit">Most corners, at least 3.</param>
    public static List<(double X, double Y)> Simplify(List<(double X, double Y)> corners, double tolerance, int limit)
    {
        if (corners.Count < 4)
            return corners;
        // The work grows with the square of the corners.
        if (corners.Count > MostCorners)
            corners = [.. corners.Where((_, i) => i % ((corners.Count / MostCorners) + 1) == 0)];
        // The corner farthest from the first one, so that both halves are lines with fixed ends.
        var middle = Enumerable.Range(0, corners.Count).MaxBy(i => Distance(corners[i], corners[0]));
        while (true)
        {
            var kept = new bool[corners.Count];
            (kept[0], kept[middle]) = (true, true);
            Keep(corners, 0, middle, tolerance, kept);
            Keep(corners, middle, corners.Count, tolerance, kept);
            List<(double X, double Y)> few = [.. corners.Where((_, i) => kept[i])];
            if (few.Count < 3)
                return corners.Count <= limit ? corners : [corners[0], corners[middle], corners[(middle + 1) % corners.Count]];
            if (few.Count <= limit)
                return few;
            tolerance *= 2;
        }
    }

    private static List<(double X, double Y)> Cut(List<(double X, double Y)> corners, Func<(double X, double Y), double> inside)
    {
        var cut = new List<(double X, double Y)>(corners.Count + 4);
        for (var i = 0; i < corners.Count; i++)
        {
            var (from, to) = (corners[i], corners[(i + 1) % corners.Count]);
            var (start, end) = (inside(from), inside(to));
            if (start >= 0)
                cut.Add(from);
            if (start >= 0 == end >= 0)
                continue;
            var share = start / (start - end);
            cut.Add((from.X + (share * (to.X - from.X)), from.Y + (share * (to.Y - from.Y))));
        }

        return cut;
    }

    private static void Keep(List<(double X, double Y)> corners, int first, int last, double tolerance, bool[] kept)
    {
        var spans = new Stack<(int First, int Last)>([(first, last)]);
        while (spans.TryPop(out var span))
        {
            var (farthest, distance) = (-1, tolerance);
            for (var i = span.First + 1; i < span.Last; i++)
            {
                if (Distance(corners[i], corners[span.First], corners[span.Last % corners.Count]) is var own && own > distance)
                    (farthest, distance) = (i, own);
            }

            if (farthest < 0)
                continue;
            kept[farthest] = true;
            spans.Push((span.First, farthest));
            spans.Push((farthest, span.Last));
        }
    }

    private static double Distance((double X, double Y) one, (double X, double Y) other) =>
        Math.Sqrt(Math.Pow(one.X - other.X, 2) + Math.Pow(one.Y - other.Y, 2));

    private static double Distance((double X, double Y) place, (double X, double Y) from, (double X, double Y) to)
    {
        var (x, y) = (to.X - from.X, to.Y - from.Y);
        var length = (x * x) + (y * y);
        var share = length == 0 ? 0 : Math.Clamp((((place.X - from.X) * x) + ((place.Y - from.Y) * y)) / length, 0, 1);
        return Distance(place, (from.X + (share * x), from.Y + (share * y)));
    }
}
