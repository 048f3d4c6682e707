using System.Buffers;
using System.Collections.Immutable;
using Mammo.Data.Images;

namespace Mammo.Data.Segmentation;

/// <summary>
/// A border of foreground pixels, pixel by pixel: around a component, or around one of its holes. Its area and centroid are those of the polygon
/// through the pixels' centres (Green's formula), so that a single pixel and a line have none.
/// </summary>
internal sealed record Contour(ImmutableArray<PixelPoint> Points, bool IsHole)
{
    private readonly (double Area, double X, double Y) _moments = Moments(Points);

    /// <summary>Area of the polygon in pixels.</summary>
    public double Area => _moments.Area;

    /// <summary>Centre of mass of the polygon; null when its area is 0.</summary>
    public (double X, double Y)? Centroid => Area == 0 ? null : (_moments.X / Area, _moments.Y / Area);

    /// <summary>The smallest box around the points.</summary>
    public PixelBox Box
    {
        get
        {
            int left = int.MaxValue, top = int.MaxValue, right = int.MinValue, bottom = int.MinValue;
            foreach (var (x, y) in Points)
                (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y));
            return new PixelBox(left, top, right - left + 1, bottom - top + 1);
        }
    }

    /// <summary>m00, m10 and m01 of the polygon, without the sign of its direction.</summary>
    private static (double Area, double X, double Y) Moments(ImmutableArray<PixelPoint> points)
    {
        double area = 0, sumX = 0, sumY = 0;
        var last = points[^1];
        foreach (var point in points)
        {
            var cross = (double)last.X * point.Y - (double)point.X * last.Y;
            area += cross;
            sumX += cross * (last.X + point.X);
            sumY += cross * (last.Y + point.Y);
            last = point;
        }

        // Times a rounded sixth, as OpenCV does it: centroids on whole pixels are truncated later, and a last bit would move them.
        var sixth = Math.Sign(area) * (1.0 / 6);
        return (Math.Abs(area) / 2, sumX * sixth, sumY * sixth);
    }
}

/// <summary>
/// Border following after Suzuki and Abe (1985), 8-connected, as OpenCV's <c>findContours</c> does it from version 3.2 on:
/// pixels on the image's edge are traced like all others.
/// </summary>
internal static class ContourTracer
{
    private const sbyte Visited = 2;
    private const sbyte VisitedRightEdge = -2;

    // Directions counter-clockwise from the right; doubled, so that a search may run past a full turn.
    private static readonly int[] StepX = [1, 1, 0, -1, -1, -1, 0, 1, 1, 1, 0, -1, -1, -1, 0, 1];
    private static readonly int[] StepY = [0, -1, -1, -1, 0, 1, 1, 1, 0, -1, -1, -1, 0, 1, 1, 1];

    /// <summary>All borders, in the order in which a scan row by row meets them. OpenCV lists siblings the other way round.</summary>
    public static IEnumerable<Contour> Trace(Mask mask)
    {
        // Rented, for a blob detector traces many masks of one size.
        var map = ArrayPool<sbyte>.Shared.Rent((mask.Width + 2) * (mask.Height + 2));
        try
        {
            foreach (var contour in Trace(mask, map))
                yield return contour;
        }
        finally
        {
            ArrayPool<sbyte>.Shared.Return(map);
        }
    }

    /// <summary>
    /// The contour with the largest area, as <c>max(findContours(…), key=contourArea)</c> finds it: among equal ones the last of the scan; null for an empty
    /// mask.
    /// </summary>
    public static Contour? Largest(Mask mask)
    {
        Contour? largest = null;
        foreach (var contour in Trace(mask))
        {
            if (!contour.IsHole && contour.Area >= (largest?.Area ?? 0))
                largest = contour;
        }

        return largest;
    }

    private static IEnumerable<Contour> Trace(Mask mask, sbyte[] map)
    {
        var stride = mask.Width + 2;
        var size = stride * (mask.Height + 2);
        Array.Clear(map, 0, size);
        for (var y = 0; y < mask.Height; y++)
        {
            for (var x = 0; x < mask.Width; x++)
                map[((y + 1) * stride) + x + 1] = mask.Pixels[(y * mask.Width) + x] ? (sbyte)1 : (sbyte)0;
        }

        int[] steps = [.. StepX.Zip(StepY, (x, y) => y * stride + x)];
        for (var row = stride; row < size - stride; row += stride)
        {
            sbyte previous = 0;
            for (var at = row + 1; at < row + stride; at++)
            {
                var current = map[at];
                if (current == previous)
                    continue;
                var isOuter = previous == 0 && current == 1;
                var isHole = current == 0 && previous >= 1;
                if (isOuter || isHole)
                {
                    yield return Follow(map, steps, stride, at - (isHole ? 1 : 0), isHole);
                    current = map[at];
                }

                previous = current;
            }
        }
    }

    private static Contour Follow(sbyte[] map, int[] steps, int stride, int start, bool isHole)
    {
        var points = ImmutableArray.CreateBuilder<PixelPoint>();
        int end = isHole ? 0 : 4, direction = end;
        do
            direction = (direction - 1) & 7;
        while (map[start + steps[direction]] == 0 && direction != end);
        if (direction == end)
        {
            map[start] = VisitedRightEdge;
            points.Add(Point(start, stride));
            return new Contour(points.ToImmutable(), isHole);
        }

        int at = start, last = start + steps[direction];
        while (true)
        {
            var from = direction;
            do
                direction++;
            while (map[at + steps[direction]] == 0);
            var next = at + steps[direction];
            direction &= 7;
            // The search passed the right neighbour and found it empty: no hole border may start behind this pixel.
            if ((uint)(direction - 1) < (uint)from)
                map[at] = VisitedRightEdge;
            else if (map[at] == 1)
                map[at] = Visited;
            points.Add(Point(at, stride));
            if (next == start && at == last)
                return new Contour(points.ToImmutable(), isHole);
            at = next;
            direction = (direction + 4) & 7;
        }
    }

    private static PixelPoint Point(int at, int stride) => new(at % stride - 1, at / stride - 1);
}
